package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.attestation.Undelivered;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import java.util.List;
import java.util.stream.IntStream;

/** What the founders of a {@link World} say of receipts. */
public final class Rulings {
  private Rulings() {}

  public static Certificate confirmed(SignedReceipt receipt) {
    return certificate(receipt, Outcome.CONFIRMED, 4, 4);
  }

  public static Certificate certificate(
      SignedReceipt receipt, Outcome outcome, int acks, int verdicts) {
    Bytes32 hash = receipt.receipt().hashStruct();
    Refutation refutation =
        outcome == Outcome.REFUTED
            ? new Refutation(
                hash,
                receipt.receipt().first(),
                Bytes32.ofNumber(1),
                Bytes32.ofNumber(2),
                Bytes32.ofNumber(4),
                new Fuel(1))
            : new Refutation(Bytes32.ZERO, 0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Fuel.ZERO);
    Struct said =
        switch (outcome) {
          case CONFIRMED -> new Confirmed(hash, 0, List.of());
          case REFUTED -> refutation;
          case SILENT -> new Silent(hash);
          case UNDELIVERED -> new Undelivered(hash);
        };
    Ack ack = new Ack(receipt.receipt().jobId(), receipt.receipt().lease(), hash);
    return new Certificate(
        receipt,
        IntStream.range(0, acks)
            .mapToObj(i ->
                new MemberSignature(
                    World.OPERATORS.get(i).address(), World.DOMAIN.sign(ack, World.NODES.get(i))))
            .toList(),
        outcome,
        refutation,
        IntStream.range(0, verdicts)
            .mapToObj(i ->
                new MemberVerdict(
                    World.OPERATORS.get(i).address(),
                    0,
                    List.of(),
                    World.DOMAIN.sign(said, World.NODES.get(i))))
            .toList());
  }
}
