package io.smartnodes.protocol.transition;

import static io.smartnodes.protocol.transition.Rulings.*;
import static io.smartnodes.protocol.transition.World.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  private static final Amount COINS = Amount.ofCoins(100);
  private static final Amount UNIT = Amount.ofCoins(10);
  private static final Address ETH = Address.ZERO;

  @Test
  void aConfirmedReceiptIsPaidOneEpochLaterWithItsFeeSplit() {
    World world = running(TOKEN, COINS);
    world.epoch(world.body(confirmed(receipt(world.job().jobId(), 0, 4, UNIT))));
    assertThat(world.job().held()).isEqualTo(Amount.ofCoins(60));
    assertThat(world.job().settledCount()).isEqualTo(4);
    assertThat(world.payout(WORKER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    world.epoch(world.body());
    Amount fee = Amount.ofCoins(40).share(300, 10_000);
    assertThat(world.payout(WORKER.address(), TOKEN)).isEqualTo(Amount.ofCoins(40).minus(fee));
    assertThat(world.payout(HOME, TOKEN)).isEqualTo(fee.share(1, 2).share(1, 4));
    assertThat(world.state().totals(TOKEN).burnt()).isEqualTo(fee.share(1, 2));
    assertThat(world.state().job(world.last().changes().getFirst().key().key())).isEmpty();
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME).orElseThrow().amount())
        .isEqualTo(Amount.ofCoins(60));
    Account worker = world.state().account(WORKER.address()).orElseThrow();
    assertThat(List.of(worker.alpha(), worker.beta(), worker.certified()))
        .containsExactly(1_950_000L, 950_000L, 1L);
  }

  @Test
  void theFeeOfAForeignAssetGoesToTheTreasuryAndWeighsNothing() {
    World world = running(ETH, COINS);
    world.epoch(world.body(confirmed(receipt(world.job().jobId(), 0, 4, UNIT))));
    world.epoch(world.body());
    Amount fee = Amount.ofCoins(40).share(300, 10_000);
    assertThat(world.payout(TREASURY, ETH)).isEqualTo(fee.share(1, 2));
    assertThat(world.state().totals(ETH).burnt()).isEqualTo(Amount.ZERO);
    Account worker = world.state().account(WORKER.address()).orElseThrow();
    assertThat(List.of(worker.alpha(), worker.beta(), worker.certified()))
        .containsExactly(1_000_000L, 1_000_000L, 1L);
  }

  @Test
  void aLateWorkerAndItsReplacementAreNotBothPaid() {
    World world = running(TOKEN, COINS);
    SignedReceipt late = receipt(world.job().jobId(), 0, 3, UNIT);
    SignedReceipt replacement = receipt(world.job().jobId(), OTHER, OTHER_NODE, 2, 2, UNIT);
    world.epoch(world.body(confirmed(late)));
    world.epoch(world.body(confirmed(replacement)));
    assertThat(reasons(world)).containsExactly("a unit is settled already");
    world.epoch(world.body(confirmed(late)));
    assertThat(reasons(world)).containsExactly("a unit is settled already");
    assertThat(world.payout(OTHER.address(), TOKEN)).isEqualTo(Amount.ZERO);
  }

  @Test
  void aCertificateThatCannotActSaysWhy() {
    World world = running(TOKEN, COINS);
    world.epoch(world.body(confirmed(receipt(world.job().jobId(), 2, 3, UNIT))));
    assertThat(reasons(world)).containsExactly("its units are not those of a lease of the job");
    world.epoch(world.body(confirmed(receipt(world.job().jobId(), 0, 4, Amount.ofCoins(26)))));
    assertThat(reasons(world)).singleElement().asString().contains("above what is held");
    world.epoch(world.body(confirmed(receipt(SEED, 0, 4, UNIT))));
    assertThat(reasons(world)).containsExactly("the job is unknown or closed");
    SignedReceipt stranger = receipt(world.job().jobId(), key(60), key(61), 0, 1, UNIT);
    world.epoch(world.body(confirmed(stranger)));
    assertThat(reasons(world)).containsExactly("the worker is unknown");
    world.epoch(
        world.body(certificate(receipt(world.job().jobId(), 0, 4, UNIT), Outcome.SILENT, 4, 4)));
    assertThat(reasons(world)).containsExactly("an outcome without payment changes nothing");
    assertThat(world.job().settledCount()).isZero();
  }

  @Test
  void aRefutedReceiptIsVoidAndItsWorkerBannedForGood() {
    World world = running(TOKEN, COINS);
    SignedReceipt receipt = receipt(world.job().jobId(), 0, 2, UNIT);
    Certificate refuted = certificate(receipt, Outcome.REFUTED, 0, 3);
    world.epoch(world.body(confirmed(receipt)));
    world.epoch(world.body(refuted));
    Job job = world.job();
    assertThat(job.held()).isEqualTo(COINS);
    assertThat(job.settledCount()).isZero();
    assertThat(job.settled().toArray()).containsOnly(0);
    Account worker = world.state().account(WORKER.address()).orElseThrow();
    assertThat(worker.status()).isEqualTo(Status.BANNED);
    assertThat(worker.evidenceId()).isEqualTo(refuted.refutation().hashStruct());
    world.epoch(world.body(confirmed(receipt), registration(WORKER, key(99), 9)));
    assertThat(reasons(world)).containsExactly("the receipt is refuted");
    Account again = world.state().account(WORKER.address()).orElseThrow();
    assertThat(again.status()).isEqualTo(Status.BANNED);
    assertThat(again.publicKey()).isEqualTo(key(99).publicKey().bytes());
    assertThat(world.payout(WORKER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    world.epoch(world.body(confirmed(receipt(job.jobId(), OTHER, OTHER_NODE, 0, 1, UNIT))));
    assertThat(world.last().ignored()).isEmpty();
  }

  @Test
  void whatAJuryConfirmedOfABannedWorkerIsStillPaid() {
    World world = running(TOKEN, COINS);
    SignedReceipt good = receipt(world.job().jobId(), 0, 2, UNIT);
    SignedReceipt bad = receipt(world.job().jobId(), 2, 1, UNIT);
    world.epoch(world.body(certificate(bad, Outcome.REFUTED, 0, 3)));
    world.epoch(world.body(confirmed(good)));
    assertThat(world.last().ignored()).isEmpty();
    world.epoch(world.body());
    assertThat(world.payout(WORKER.address(), TOKEN)).isGreaterThan(Amount.ZERO);
    assertThat(world.state().account(WORKER.address()).orElseThrow().status())
        .isEqualTo(Status.BANNED);
  }

  @Test
  void inOneBodyARefutationOutweighsAConfirmationAndAnAnchor() {
    World world = running(TOKEN, COINS);
    SignedReceipt receipt = receipt(world.job().jobId(), 0, 2, UNIT);
    world.epoch(
        world.body(receipt, confirmed(receipt), certificate(receipt, Outcome.REFUTED, 0, 3)));
    assertThat(reasons(world)).containsExactly("the receipt is refuted", "the receipt is refuted");
    assertThat(world.job().settledCount()).isZero();
    world.epoch(world.body(certificate(receipt, Outcome.REFUTED, 0, 3)));
    assertThat(reasons(world)).containsExactly("the worker is banned and nothing is pending");
  }

  @Test
  void anAnchoredReceiptIsNotPaidUntilItIsCertified() {
    World world = running(TOKEN, COINS);
    SignedReceipt receipt = receipt(world.job().jobId(), 0, 4, UNIT);
    world.epoch(world.body(receipt));
    world.epoch(world.body(receipt));
    assertThat(reasons(world))
        .containsExactly("a certificate stands, or it is anchored or refuted already");
    assertThat(world.state().pending(receipt.receipt().hashStruct())).isPresent();
    assertThat(world.payout(WORKER.address(), TOKEN)).isEqualTo(Amount.ZERO);
    world.epoch(world.body(certificate(receipt, Outcome.CONFIRMED, 0, 3)));
    world.epoch(world.body());
    assertThat(world.payout(WORKER.address(), TOKEN)).isGreaterThan(Amount.ZERO);
    assertThat(world.state().pending(receipt.receipt().hashStruct())).isEmpty();
  }

  @Test
  void anAnchorGoesWithSilenceOrWithItsJob() {
    World world = running(TOKEN, COINS);
    SignedReceipt receipt = receipt(world.job().jobId(), 0, 2, UNIT);
    SignedReceipt other = receipt(world.job().jobId(), 2, 2, UNIT);
    world.epoch(world.body(receipt, other));
    world.epoch(world.body(certificate(receipt, Outcome.SILENT, 0, 3)));
    assertThat(world.state().pending(receipt.receipt().hashStruct())).isEmpty();
    world.epochAt(world.job().deadline(), world.body());
    long closing = world.job().closingAt();
    while (world.next() <= closing) {
      world.epoch(world.body());
    }
    assertThat(world.state().pending(other.receipt().hashStruct())).isEmpty();
    assertThat(world.state().job(receipt.receipt().jobId())).isEmpty();
  }

  @Test
  void aJobThatClosesWaitsForAPaymentThatMayStillBeVoided() {
    World world = running(TOKEN, COINS);
    world.epochAt(world.job().deadline(), world.body());
    long closing = world.job().closingAt();
    while (world.next() < closing) {
      world.epoch(world.body());
    }
    SignedReceipt receipt = receipt(world.job().jobId(), 0, 1, UNIT);
    world.epoch(world.body(confirmed(receipt)));
    assertThat(world.state().epoch()).isEqualTo(closing);
    world.epoch(
        world.body(
            certificate(receipt, Outcome.REFUTED, 0, 3),
            confirmed(receipt(world.job().jobId(), OTHER, OTHER_NODE, 1, 1, UNIT))));
    assertThat(reasons(world)).containsExactly("the job is closing");
    assertThat(world.state().allotment(USER.address(), TOKEN, HOME).orElseThrow().amount())
        .isEqualTo(COINS);
  }

  private static List<String> reasons(World world) {
    return world.last().ignored().stream().map(Applied.Ignored::reason).toList();
  }
}
