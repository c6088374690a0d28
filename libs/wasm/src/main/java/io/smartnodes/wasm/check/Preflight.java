package io.smartnodes.wasm.check;

import java.util.Optional;

/**
 * Looks over a binary before the parser does. A function declares its local variables as "50,000 of
 * this type" in four bytes, and the parser stores each of them: a file of some kilobytes would fill
 * any memory. So their sum is bounded here, without storing anything.
 *
 * <p>Also says how much code there is, which decides whether compiling it is worth waiting for.
 */
public final class Preflight {
  private static final int HEADER = 8;
  private static final int CODE_SECTION = 10;
  private static final long MAX_LOCALS_PER_FUNCTION = 50_000;
  private static final long MAX_LOCALS = 4_000_000;

  private final byte[] wasm;
  private int at = HEADER;
  private long locals;
  private int codeBytes;

  private Preflight(byte[] wasm) {
    this.wasm = wasm;
  }

  /** Bytes of code, or why the binary is refused. */
  public record Finding(Optional<String> objection, int codeBytes) {}

  /** Looks over this binary; reads it only. */
  public static Finding of(byte[] wasm) {
    Preflight preflight = new Preflight(wasm);
    try {
      preflight.sections();
      return new Finding(Optional.empty(), preflight.codeBytes);
    } catch (Refused e) {
      return new Finding(Optional.of(e.reason), 0);
    }
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Refused(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  private void sections() throws Refused {
    if (wasm.length < HEADER) {
      throw new Refused("too short for a WebAssembly module");
    }
    while (at < wasm.length) {
      int id = wasm[at++];
      int end = end();
      if (id == CODE_SECTION) {
        codeBytes = end - at;
        long bodies = unsigned();
        for (long i = 0; i < bodies; i++) {
          body();
        }
        if (at != end) {
          throw new Refused("malformed: the code section has another size than it says");
        }
      }
      at = end;
    }
  }

  private void body() throws Refused {
    int end = end();
    long groups = unsigned();
    long own = 0;
    for (long i = 0; i < groups; i++) {
      own += unsigned();
      type();
    }
    locals += own;
    if (own > MAX_LOCALS_PER_FUNCTION || locals > MAX_LOCALS || at > end) {
      throw new Refused("too many local variables");
    }
    at = end;
  }

  /** A number type, a vector, or a plain reference: one byte each. */
  private void type() throws Refused {
    int type = at < wasm.length ? wasm[at++] & 0xFF : 0;
    if (!(type >= 0x7B && type <= 0x7F) && type != 0x70 && type != 0x6F) {
      throw new Refused("a local variable of an unknown type");
    }
  }

  /** Reads a size, and returns where the thing of that size ends. */
  private int end() throws Refused {
    long size = unsigned();
    if (size > wasm.length - at) {
      throw new Refused("malformed: it ends early");
    }
    return at + (int) size;
  }

  private long unsigned() throws Refused {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= wasm.length) {
        throw new Refused("malformed: it ends early");
      }
      int next = wasm[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new Refused("malformed: a number is too long");
  }
}
