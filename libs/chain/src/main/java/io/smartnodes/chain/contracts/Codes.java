package io.smartnodes.chain.contracts;

import io.smartnodes.chain.ChainFailure;

/** Numbers of the contracts' enumerations, which count from zero. */
final class Codes {
  private Codes() {}

  static <E extends Enum<E>> E of(E[] values, long code) {
    if (code < 0 || code >= values.length) {
      throw new ChainFailure("a contract answers with an unknown number: " + code);
    }
    return values[(int) code];
  }
}
