package io.smartnodes.protocol.body.check;

import static io.smartnodes.protocol.transition.Rulings.certificate;
import static io.smartnodes.protocol.transition.Rulings.confirmed;
import static io.smartnodes.protocol.transition.World.COINS_PER_UNIT;
import static io.smartnodes.protocol.transition.World.DOMAIN;
import static io.smartnodes.protocol.transition.World.HOME;
import static io.smartnodes.protocol.transition.World.SEED;
import static io.smartnodes.protocol.transition.World.TOKEN;
import static io.smartnodes.protocol.transition.World.USER;
import static io.smartnodes.protocol.transition.World.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateCheckTest extends BodyFixture {
  @Test
  void aCertificateNeedsQuorumsOfThoseWhoWereDrawn() {
    SignedReceipt receipt = receipt(job(), 0, 2, COINS_PER_UNIT);
    rejected(
        "certificate",
        "2 acknowledgements are no quorum",
        certificate(receipt, Outcome.CONFIRMED, 2, 4));
    rejected(
        "certificate", "2 verdicts are no quorum", certificate(receipt, Outcome.CONFIRMED, 3, 2));
    rejected(
        "certificate", "2 verdicts are no quorum", certificate(receipt, Outcome.REFUTED, 0, 2));
    for (Outcome outcome : Outcome.values()) {
      assertThat(check(world.body(certificate(receipt, outcome, 3, 3))))
          .isInstanceOf(BodyCheck.Valid.class);
    }
    Certificate good = confirmed(receipt);
    rejected(
        "certificate",
        "is there twice",
        with(good, List.of(good.acks().get(0), good.acks().get(0)), good.verdicts()));
    rejected(
        "certificate",
        "is there twice",
        with(
            good,
            good.acks(),
            List.of(good.verdicts().get(0), good.verdicts().get(1), good.verdicts().get(0))));
    rejected(
        "certificate",
        "who was not drawn",
        with(
            good,
            List.of(new MemberSignature(USER.address(), good.acks().get(0).signature())),
            good.verdicts()));
    rejected(
        "certificate",
        "acknowledgement is not signed",
        with(
            good,
            List.of(new MemberSignature(HOME, good.acks().get(1).signature())),
            good.verdicts()));
    MemberVerdict verdict = good.verdicts().getFirst();
    rejected(
        "certificate",
        "verdict is not signed",
        with(
            good,
            good.acks(),
            List.of(new MemberVerdict(HOME, 0, List.of(SEED), verdict.signature()))));
  }

  @Test
  void aCertificateSaysOneThingAboutItsOwnReceipt() {
    SignedReceipt receipt = receipt(job(), 0, 2, COINS_PER_UNIT);
    Certificate refuted = certificate(receipt, Outcome.REFUTED, 0, 4);
    Certificate good = confirmed(receipt);
    rejected(
        "certificate",
        "it refutes something although it is CONFIRMED",
        new Certificate(
            receipt, good.acks(), Outcome.CONFIRMED, refuted.refutation(), good.verdicts()));
    Refutation r = refuted.refutation();
    for (Refutation other :
        List.of(
            new Refutation(SEED, r.unit(), SEED, SEED, SEED, r.replayedFuel()),
            new Refutation(r.receiptHash(), 2, SEED, SEED, SEED, r.replayedFuel()))) {
      rejected(
          "certificate",
          "not about a unit of the receipt",
          new Certificate(receipt, List.of(), Outcome.REFUTED, other, refuted.verdicts()));
    }
    rejected(
        "certificate",
        "verdict is not signed",
        new Certificate(
            receipt,
            List.of(),
            Outcome.REFUTED,
            new Refutation(r.receiptHash(), 1, SEED, SEED, SEED, r.replayedFuel()),
            refuted.verdicts()));
    rejected(
        "certificate",
        "verdict is not signed",
        new Certificate(receipt, List.of(), Outcome.SILENT, good.refutation(), good.verdicts()));
    rejected(
        "certificate",
        "has traces",
        new Certificate(
            receipt,
            List.of(),
            Outcome.REFUTED,
            r,
            List.of(
                new MemberVerdict(HOME, 1, List.of(), refuted.verdicts().getFirst().signature()))));
  }

  @Test
  void anAnchoredReceiptStandsForAcknowledgements() {
    SignedReceipt receipt = receipt(job(), 0, 2, COINS_PER_UNIT);
    world.epoch(world.body(receipt));
    assertThat(check(world.body(certificate(receipt, Outcome.CONFIRMED, 0, 3))))
        .isInstanceOf(BodyCheck.Valid.class);
  }

  @Test
  void aDrawWithoutItsBlockOrSeedIsRejected() {
    Body body = world.body(confirmed(receipt(job(), 0, 2, COINS_PER_UNIT)));
    ChainView noBlock =
        new ChainView(DOMAIN, TOKEN, height -> Optional.empty(), chain.seed(), DIGEST);
    assertThat(new BodyCheck(world.state(), noBlock).check(body))
        .asString()
        .contains("block 10 of the draw is not confirmed");
    ChainView noSeed =
        new ChainView(DOMAIN, TOKEN, chain.confirmedBlock(), epoch -> Optional.empty(), DIGEST);
    assertThat(new BodyCheck(world.state(), noSeed).check(body))
        .asString()
        .contains("the seed of epoch 2 is unknown");
  }
}
