package io.smartnodes.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertificateReviewTest {
  private static final Domain DOMAIN = new Domain(31_337, Address.fromWord(Keccak.text("core")));
  private static final List<NodeKey> KEYS =
      IntStream.range(0, 4).mapToObj(i -> NodeKey.of(Keccak.text("node " + i))).toList();
  private static final List<ValidatorNode> VALIDATORS =
      KEYS.stream()
          .map(key -> new ValidatorNode(operator(key), PeerId.of(key.publicKey()), List.of()))
          .toList();
  private static final Lease LEASE = lease(0);

  @Test
  void threeOfFourValidatorsConvinceAUser() {
    assertThat(review(certificate(LEASE, KEYS.subList(0, 3), DOMAIN), LEASE)).isEmpty();
  }

  @Test
  void aHomeThatSignsForOthersOrCountsItselfTwiceConvincesNobody() {
    NodeKey home = KEYS.getFirst();
    assertThat(review(certificate(LEASE, List.of(home, home, home), DOMAIN), LEASE))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("1 validators confirm it"));
    Certificate forged = certificate(LEASE, KEYS.subList(0, 3), DOMAIN);
    List<MemberVerdict> verdicts =
        forged.verdicts().stream()
            .map(v ->
                new MemberVerdict(
                    v.operator(), 0, List.of(), forged.verdicts().getFirst().signature()))
            .toList();
    assertThat(review(withVerdicts(forged, verdicts), LEASE))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("is not signed by it"));
  }

  @Test
  void aCertificateOfAnotherLeaseChainOrOutcomeProvesNothing() {
    assertThat(review(certificate(lease(32), KEYS, DOMAIN), LEASE))
        .contains("it is for another lease");
    Domain foreign = new Domain(1, DOMAIN.core());
    assertThat(review(certificate(LEASE, KEYS, foreign), LEASE)).isPresent();
    Certificate silent = certificate(LEASE, KEYS, DOMAIN);
    assertThat(
            review(
                new Certificate(
                    silent.receipt(),
                    silent.acks(),
                    Outcome.SILENT,
                    silent.refutation(),
                    silent.verdicts()),
                LEASE))
        .contains("it is SILENT");
  }

  @Test
  void verdictsOfOneThatLeftAndByAKeyBeforeARotationCount() {
    NodeKey rotated = NodeKey.of(Keccak.text("rotated"));
    List<ValidatorNode> signers = new ArrayList<>(VALIDATORS.subList(1, 4));
    signers.addFirst(
        new ValidatorNode(
            operator(KEYS.getFirst()),
            PeerId.of(rotated.publicKey()),
            Optional.of(PeerId.of(KEYS.getFirst().publicKey())),
            List.of()));
    Certificate certificate = certificate(LEASE, KEYS.subList(0, 3), DOMAIN);
    // The set has three of them now; the fourth left.
    assertThat(CertificateReview.flaw(certificate, LEASE, DOMAIN, signers, 3)).isEmpty();
    assertThat(CertificateReview.flaw(certificate, LEASE, DOMAIN, signers.subList(0, 2), 4))
        .hasValueSatisfying(flaw -> assertThat(flaw).contains("is not signed by it"));
  }

  private static Optional<String> review(Certificate certificate, Lease lease) {
    return CertificateReview.flaw(certificate, lease, DOMAIN, VALIDATORS, VALIDATORS.size());
  }

  private static Certificate withVerdicts(Certificate old, List<MemberVerdict> verdicts) {
    return new Certificate(old.receipt(), old.acks(), old.outcome(), old.refutation(), verdicts);
  }

  private static Certificate certificate(Lease lease, List<NodeKey> signers, Domain domain) {
    JobReceipt receipt =
        new JobReceipt(
            lease.jobId(),
            lease.number(),
            lease.first(),
            lease.count(),
            new Fuel(lease.count()),
            Keccak.text("results"),
            99);
    Confirmed said = new Confirmed(receipt.hashStruct(), 0, List.of());
    Refutation none =
        new Refutation(Bytes32.ZERO, 0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Fuel.ZERO);
    return new Certificate(
        new SignedReceipt(receipt, Bytes.EMPTY, lease, Bytes.EMPTY),
        List.of(),
        Outcome.CONFIRMED,
        none,
        signers.stream()
            .map(key -> new MemberVerdict(operator(key), 0, List.of(), domain.sign(said, key)))
            .toList());
  }

  private static Lease lease(long first) {
    return new Lease(
        Keccak.text("job"),
        1,
        first,
        32,
        Address.fromWord(Keccak.text("worker")),
        Amount.of(5),
        Instant.ofEpochSecond(1_900_000_000));
  }

  private static Address operator(NodeKey key) {
    return Address.fromWord(key.peerId());
  }
}
