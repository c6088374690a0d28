package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.hash.Struct;
import java.util.List;

/** What a member says about a receipt. */
public sealed interface Verdict {
  /** All zero: takes the place of the refutation where there is none. */
  Refutation NO_REFUTATION =
      new Refutation(
          Bytes32.ZERO,
          0,
          Bytes32.ZERO,
          Bytes32.ZERO,
          Bytes32.ZERO,
          io.smartnodes.protocol.Fuel.ZERO);

  /** Every unit of its sample is as claimed. */
  record Confirming(Bytes32 receiptHash) implements Verdict {}

  /** One unit is not as claimed. */
  record Refuting(Refutation refutation) implements Verdict {
    @Override
    public Bytes32 receiptHash() {
      return refutation.receiptHash();
    }
  }

  /** The worker gave no openings. */
  record Silence(Bytes32 receiptHash) implements Verdict {}

  /** The receipt. */
  Bytes32 receiptHash();

  /** The outcome that it speaks for. */
  default Outcome outcome() {
    return switch (this) {
      case Confirming(Bytes32 receipt) -> Outcome.CONFIRMED;
      case Refuting(Refutation refutation) -> Outcome.REFUTED;
      case Silence(Bytes32 receipt) -> Outcome.SILENT;
    };
  }

  /** What the member signs. */
  default Struct signed() {
    return switch (this) {
      case Confirming(Bytes32 receipt) -> new Confirmed(receipt, 0, List.of());
      case Refuting(Refutation refutation) -> refutation;
      case Silence(Bytes32 receipt) -> new Silent(receipt);
    };
  }

  /** The refutation, all zero where there is none. */
  default Refutation refutationOrZero() {
    return switch (this) {
      case Refuting(Refutation refutation) -> refutation;
      case Confirming(Bytes32 receipt) -> NO_REFUTATION;
      case Silence(Bytes32 receipt) -> NO_REFUTATION;
    };
  }
}
