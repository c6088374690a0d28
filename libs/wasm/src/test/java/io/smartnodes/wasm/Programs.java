package io.smartnodes.wasm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smartnodes.wasm.ModuleCheck.Accepted;
import io.smartnodes.wasm.ModuleCheck.Unreadable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** The programs that the tests run, and how they load them. */
final class Programs {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("smartnodes.root")));

  private Programs() {}

  static byte[] fractal() {
    return read(ROOT.resolve("examples/fractal/fractal.wasm"));
  }

  static byte[] probe() {
    return read(ROOT.resolve("libs/wasm/src/test/wasm/probe.wasm"));
  }

  /** The documented input of tile {@code i} of the 256 of the picture. */
  static byte[] tile(int i) {
    String text = "%d %d 64 64 1024 1000\n".formatted(i % 16 * 64, i / 16 * 64);
    return text.getBytes(US_ASCII);
  }

  static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  static UnitSeed seed(int filler) {
    byte[] bytes = new byte[UnitSeed.LENGTH];
    Arrays.fill(bytes, (byte) filler);
    return UnitSeed.of(bytes);
  }

  static CompiledModule load(Engine engine, byte[] wasm) {
    return switch (engine.compile(wasm, ModuleLimits.STANDARD)) {
      case Accepted(CompiledModule module) -> module;
      case Unreadable(String reason) -> throw new AssertionError(reason);
    };
  }

  /** The binary with an equally long text in place of another, first occurrence. */
  static byte[] replacing(byte[] wasm, String from, String to) {
    byte[] patched = wasm.clone();
    int at = new String(wasm, ISO_8859_1).indexOf(from);
    System.arraycopy(ascii(to), 0, patched, at, from.length());
    return patched;
  }

  /** A module of these sections, each given as its id and its content. */
  static byte[] module(byte[]... sections) {
    ByteArrayOutputStream wasm = new ByteArrayOutputStream();
    wasm.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    for (byte[] section : sections) {
      wasm.write(section[0]);
      wasm.writeBytes(unsigned(section.length - 1));
      wasm.write(section, 1, section.length - 1);
    }
    return wasm.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] name(String text) {
    return concat(bytes(text.length()), ascii(text));
  }

  static byte[] unsigned(long value) {
    ByteArrayOutputStream leb = new ByteArrayOutputStream();
    long rest = value;
    do {
      leb.write((int) (rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
      rest >>>= 7;
    } while (rest != 0);
    return leb.toByteArray();
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
