package io.smartnodes.chain;

/** The chain's node does not answer, or answers what no healthy node answers. */
public final class ChainFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is broken. */
  public ChainFailure(String message) {
    super(message);
  }

  /** What is broken, and by what. */
  public ChainFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
