package io.smartnodes.protocol.job.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.protocol.job.witness.WitnessRule.Cause;
import io.smartnodes.protocol.job.witness.WitnessRule.Outcome;
import io.smartnodes.protocol.job.witness.WitnessRule.Stamped;
import io.smartnodes.protocol.state.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WitnessRuleTest {
  private static final NodeKey WORKER = NodeKey.of(Bytes32.ofNumber(21));
  private static final NodeKey HOME = NodeKey.of(Bytes32.ofNumber(22));
  private static final Address SELF = Address.fromWord(Bytes32.ofNumber(1));
  private static final Domain DOMAIN = new Domain(31337, SELF);
  private static final Bytes32 JOB = Bytes32.ofNumber(9);
  private static final Instant LATER = Instant.ofEpochSecond(2_000);

  private static SignedReceipt receipt(long lease, long first, long draw, long fuel) {
    Lease granted = new Lease(JOB, lease, first, 4, WORKER.address(), Amount.of(1), LATER);
    JobReceipt receipt =
        new JobReceipt(JOB, lease, first, 4, new Fuel(fuel), Bytes32.ofNumber(7), draw);
    return new SignedReceipt(
        receipt, DOMAIN.sign(receipt, WORKER), granted, DOMAIN.sign(granted, HOME));
  }

  private static WitnessRule.Knowledge known(List<Stamped> earlier, Set<Bytes32> voided) {
    return known(100, earlier, voided);
  }

  private static WitnessRule.Knowledge known(
      long head, List<Stamped> earlier, Set<Bytes32> voided) {
    return new WitnessRule.Knowledge(
        DOMAIN,
        SELF,
        head,
        Optional.of(
            new Job(
                JOB, SELF, SELF, SELF, Amount.of(9), 16, LATER, 3, 0, 0, Bytes.of(new byte[2]))),
        List.of(HOME.publicKey()),
        Optional.of(WORKER.publicKey()),
        List.of(SELF),
        earlier,
        voided);
  }

  private static Outcome judge(SignedReceipt signed, List<Stamped> earlier, Bytes32... voided) {
    return WitnessRule.judge(signed, PeerId.of(WORKER.publicKey()), known(earlier, Set.of(voided)));
  }

  private static void refusedFor(Cause cause, Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.cause()).isEqualTo(cause));
  }

  private static Stamped stamped(SignedReceipt signed) {
    JobReceipt receipt = signed.receipt();
    return new Stamped(
        receipt.hashStruct(),
        receipt.lease(),
        new UnitRange(receipt.first(), receipt.count()),
        receipt.drawHeight());
  }

  @Test
  void aReceiptIsStampedOnlyAheadOfItsDraw() {
    refusedFor(Cause.OUT_OF_WINDOW, judge(receipt(1, 0, 100, 4), List.of()));
    refusedFor(Cause.OUT_OF_WINDOW, judge(receipt(1, 0, 133, 4), List.of()));
    assertThat(judge(receipt(1, 0, 101, 4), List.of())).isInstanceOf(Outcome.Stamp.class);
    assertThat(judge(receipt(1, 0, 132, 4), List.of())).isInstanceOf(Outcome.Stamp.class);
  }

  @Test
  void theSameReceiptGetsTheSameAnswerEvenAfterItsDraw() {
    SignedReceipt late = receipt(1, 0, 90, 4);
    assertThat(judge(late, List.of(stamped(late))))
        .isEqualTo(new Outcome.Again(new Ack(JOB, 1, late.receipt().hashStruct())));
  }

  @Test
  void aUnitIsStampedAgainOnlyAfterItsReceiptWasVoided() {
    SignedReceipt first = receipt(1, 0, 110, 4);
    SignedReceipt second = receipt(2, 3, 111, 4);
    refusedFor(Cause.UNIT_TAKEN, judge(second, List.of(stamped(first))));
    assertThat(judge(second, List.of(stamped(first)), first.receipt().hashStruct()))
        .isInstanceOf(Outcome.Stamp.class);
  }

  private static Outcome judgeAt(long head, SignedReceipt signed, Stamped earlier) {
    return WitnessRule.judge(
        signed, PeerId.of(WORKER.publicKey()), known(head, List.of(earlier), Set.of()));
  }

  @Test
  void aReceiptThatFoundNoQuorumFreesItsUnitsForOtherLeasesAtTheEndOfThePeriod() {
    Stamped first = stamped(receipt(1, 0, 110, 4));
    refusedFor(Cause.UNIT_TAKEN, judgeAt(255, receipt(2, 3, 270, 4), first));
    assertThat(judgeAt(256, receipt(2, 3, 270, 4), first)).isInstanceOf(Outcome.Stamp.class);
    refusedFor(Cause.LEASE_TAKEN, judgeAt(256, receipt(1, 0, 270, 4), first));
  }

  @Test
  void whatIsReleasedIsWhatIsVoidedOrLongDrawnOverTheseUnits() {
    Stamped old = stamped(receipt(1, 0, 110, 4));
    Stamped voided = stamped(receipt(2, 0, 300, 4));
    Stamped binding = stamped(receipt(3, 0, 301, 4));
    Stamped elsewhere = stamped(receipt(4, 8, 110, 4));
    assertThat(
            known(290, List.of(old, voided, binding, elsewhere), Set.of(voided.receiptHash()))
                .released(new UnitRange(0, 4)))
        .containsExactly(old.receiptHash(), voided.receiptHash());
  }

  @Test
  void aReceiptThatWasDrawnAtTheEndOfAPeriodBindsForTheNext() {
    assertThat(stamped(receipt(1, 0, 223, 4)).bindsAt(256)).isFalse();
    Stamped late = stamped(receipt(1, 0, 224, 4));
    assertThat(late.bindsAt(511)).isTrue();
    assertThat(late.bindsAt(512)).isFalse();
  }

  @Test
  void withinALeaseNoSecondReceiptIsStampedEvenAfterTheFirstWasVoided() {
    SignedReceipt first = receipt(1, 0, 110, 4);
    SignedReceipt second = receipt(1, 0, 120, 4);
    refusedFor(Cause.LEASE_TAKEN, judge(second, List.of(stamped(first))));
    refusedFor(
        Cause.LEASE_TAKEN, judge(second, List.of(stamped(first)), first.receipt().hashStruct()));
  }

  @Test
  void aReceiptOfAnotherWorkerLeaseOrJobIsRefused() {
    refusedFor(Cause.NOT_ITS_LEASE, judge(receipt(1, 0, 110, 5), List.of()));
    refusedFor(Cause.NOT_ITS_LEASE, judge(receipt(1, 13, 110, 4), List.of()));
    refusedFor(
        Cause.NOT_ITS_WORKER,
        WitnessRule.judge(
            receipt(1, 0, 110, 4), PeerId.of(HOME.publicKey()), known(List.of(), Set.of())));
    SignedReceipt good = receipt(1, 0, 110, 4);
    refusedFor(
        Cause.BAD_SIGNATURE,
        judge(
            new SignedReceipt(
                good.receipt(), good.workerSignature(), good.lease(), good.workerSignature()),
            List.of()));
    refusedFor(
        Cause.BAD_SIGNATURE,
        judge(
            new SignedReceipt(
                good.receipt(), good.homeSignature(), good.lease(), good.homeSignature()),
            List.of()));
  }

  @Test
  void aQuorumCountsEachWitnessOnceAndNobodyElse() {
    JobReceipt receipt = receipt(1, 0, 110, 4).receipt();
    Ack ack = new Ack(JOB, 1, receipt.hashStruct());
    Map<Address, List<PublicKey>> keys = new TreeMap<>();
    List<MemberSignature> acks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      NodeKey key = NodeKey.of(Bytes32.ofNumber(50 + i));
      Address operator = Address.fromWord(Bytes32.ofNumber(50 + i));
      // One signs with the key that it had before its rotation.
      PublicKey other = NodeKey.of(Bytes32.ofNumber(90 + i)).publicKey();
      keys.put(operator, i == 0 ? List.of(other, key.publicKey()) : List.of(key.publicKey()));
      acks.add(new MemberSignature(operator, DOMAIN.sign(ack, key)));
    }
    List<Address> witnesses = List.copyOf(keys.keySet());
    assertThat(WitnessRule.quorum(receipt, acks.subList(0, 3), witnesses, keys, DOMAIN))
        .isEqualTo(new WitnessRule.Quorum.Reached(3));
    assertThat(WitnessRule.quorum(receipt, acks.subList(0, 2), witnesses, keys, DOMAIN))
        .isEqualTo(new WitnessRule.Quorum.Missed("acks", "2 of the 3 that are needed"));
    acks.set(2, acks.get(0));
    assertThat(WitnessRule.quorum(receipt, acks.subList(0, 3), witnesses, keys, DOMAIN))
        .isInstanceOf(WitnessRule.Quorum.Missed.class);
    acks.set(2, new MemberSignature(SELF, acks.get(3).signature()));
    assertThat(WitnessRule.quorum(receipt, acks.subList(0, 3), witnesses, keys, DOMAIN))
        .isInstanceOf(WitnessRule.Quorum.Missed.class);
  }
}
