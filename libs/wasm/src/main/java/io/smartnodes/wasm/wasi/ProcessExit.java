package io.smartnodes.wasm.wasi;

/** Unwinds a program that called {@code proc_exit}. */
public final class ProcessExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  ProcessExit(int code) {
    super("exit " + code, null, false, false);
    this.code = code;
  }

  /** The program's own exit code; 0 is success. */
  public int code() {
    return code;
  }
}
