package io.smartnodes.wasm.wasi;

/** The error numbers of WASI preview 1 that units can see. */
final class Errno {
  static final int SUCCESS = 0;
  static final int BADF = 8;
  static final int INVAL = 28;
  static final int NOTDIR = 54;
  static final int NOTSOCK = 57;
  static final int NOTSUP = 58;
  static final int SPIPE = 70;

  private Errno() {}
}
