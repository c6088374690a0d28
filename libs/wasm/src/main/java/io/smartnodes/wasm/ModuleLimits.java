package io.smartnodes.wasm;

/**
 * What a module may be; part of the protocol, equal for all who judge a job.
 *
 * @param maxBytes the size of the binary
 * @param maxMemoryPages the linear memory that it may demand at its start, in pages of 64 KiB
 */
public record ModuleLimits(int maxBytes, int maxMemoryPages) {
  /** 32 MiB of code, 256 MiB of memory. */
  public static final ModuleLimits STANDARD = new ModuleLimits(32 << 20, 4096);

  /**
   * @throws IllegalArgumentException when a limit is not positive
   */
  public ModuleLimits {
    if (maxBytes <= 0 || maxMemoryPages <= 0) {
      throw new IllegalArgumentException("limits are positive");
    }
  }
}
