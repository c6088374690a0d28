package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;

/**
 * Whether the agent tells the truth. A cheat exists for tests and demonstrations only: it returns
 * plausible wrong bytes for a share of its units, chosen by its seed.
 */
sealed interface Honesty {
  /** What the agent claims as the output of a unit. */
  Bytes claim(Bytes32 jobId, long index, Bytes output);

  /** Claims what it computed. */
  record Honest() implements Honesty {
    @Override
    public Bytes claim(Bytes32 jobId, long index, Bytes output) {
      return output;
    }
  }

  /**
   * Falsifies.
   *
   * @param perMille of the units
   * @param seed chooses which
   */
  record Cheat(int perMille, long seed) implements Honesty {
    private static final int STRIDE = 7;

    @Override
    public Bytes claim(Bytes32 jobId, long index, Bytes output) {
      Bytes32 lot = Keccak.words(jobId, Bytes32.ofNumber(index), Bytes32.ofNumber(seed));
      int drawn = lot.toNumber().mod(java.math.BigInteger.valueOf(1000)).intValueExact();
      if (drawn >= perMille || output.size() == 0) {
        return output;
      }
      byte[] wrong = output.toArray();
      for (int i = 0; i < wrong.length; i += STRIDE) {
        wrong[i] ^= 1;
      }
      return Bytes.of(wrong);
    }
  }
}
