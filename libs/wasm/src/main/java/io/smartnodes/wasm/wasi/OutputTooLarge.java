package io.smartnodes.wasm.wasi;

/** Unwinds a program that wrote more to stdout than a unit may. */
public final class OutputTooLarge extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputTooLarge(int limit) {
    super("more than " + limit + " bytes of output", null, false, false);
  }
}
