package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.attestation.Undelivered;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.set.Validators;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The outcome of a jury: who was drawn, who signed what, and whether it is a quorum (2.6). */
final class CertificateCheck {
  private static final Refutation NONE =
      new Refutation(Bytes32.ZERO, 0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Fuel.ZERO);

  private final State previous;
  private final ChainView chain;
  private final ItemCheck items;
  private final ProtocolParameters parameters;
  private final Validators validators;
  private final Map<Long, List<Seat>> seats = new ConcurrentHashMap<>();

  CertificateCheck(State previous, ChainView chain) {
    this.previous = previous;
    this.chain = chain;
    this.items = new ItemCheck(previous, chain);
    this.parameters = ProtocolParameters.of(previous.parameters());
    this.validators = previous.validators();
  }

  Optional<String> refusal(Struct item) {
    Certificate certificate = (Certificate) item;
    return items
        .receipt(certificate.receipt())
        .or(() -> refutation(certificate))
        .or(() -> acknowledgements(certificate))
        .or(() -> verdicts(certificate));
  }

  private Optional<String> refutation(Certificate certificate) {
    JobReceipt receipt = certificate.receipt().receipt();
    Refutation refutation = certificate.refutation();
    if (certificate.outcome() != Outcome.REFUTED) {
      return refutation.equals(NONE)
          ? Optional.empty()
          : Optional.of("it refutes something although it is " + certificate.outcome());
    }
    boolean within =
        refutation.unit() >= receipt.first()
            && refutation.unit() - receipt.first() < receipt.count();
    return refutation.receiptHash().equals(receipt.hashStruct()) && within
        ? Optional.empty()
        : Optional.of("the refutation is not about a unit of the receipt");
  }

  private Optional<String> acknowledgements(Certificate certificate) {
    JobReceipt receipt = certificate.receipt().receipt();
    Bytes32 hash = receipt.hashStruct();
    Job job = jobOf(receipt);
    Optional<Bytes32> seed = chain.seed().apply(job.anchoredAt());
    if (seed.isEmpty()) {
      return Optional.of("the seed of epoch " + job.anchoredAt() + " is unknown");
    }
    List<Address> witnesses =
        Picks.witnesses(receipt.jobId(), seed.get(), seatsOf(job), parameters.witnesses());
    Ack ack = new Ack(receipt.jobId(), receipt.lease(), hash);
    Set<Address> signers = new HashSet<>();
    for (MemberSignature signature : certificate.acks()) {
      Optional<String> refusal =
          member("acknowledgement", signature.operator(), witnesses, signers)
              .or(() ->
                  items.signedByValidator(
                      ack, signature.signature(), signature.operator(), "acknowledgement"));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return certificate.outcome() != Outcome.CONFIRMED
            || anchor(hash).isPresent()
            || signers.size() >= Picks.quorum(witnesses.size())
        ? Optional.empty()
        : Optional.of(signers.size() + " acknowledgements are no quorum");
  }

  private Optional<String> verdicts(Certificate certificate) {
    JobReceipt receipt = certificate.receipt().receipt();
    Bytes32 hash = receipt.hashStruct();
    Optional<Bytes32> draw = draw(receipt, hash);
    if (draw.isEmpty()) {
      return Optional.of("block " + receipt.drawHeight() + " of the draw is not confirmed");
    }
    List<Seat> seated = seatsOf(jobOf(receipt));
    List<Address> order = Picks.jury(hash, draw.get(), seated, seated.size());
    Set<Address> signers = new HashSet<>();
    for (MemberVerdict verdict : certificate.verdicts()) {
      Optional<String> refusal =
          member("verdict", verdict.operator(), order, signers)
              .or(() -> verdict(certificate, verdict, hash));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Jury.sizes(parameters.jurySize(), order.size()).stream()
            .anyMatch(size -> isQuorum(signers, order.subList(0, size)))
        ? Optional.empty()
        : Optional.of(signers.size() + " verdicts are no quorum of the jury");
  }

  private Job jobOf(JobReceipt receipt) {
    return previous
        .job(receipt.jobId())
        .orElseThrow(() -> new IllegalStateException("the receipt was checked before"));
  }

  /** Witnesses and jury come from those who served when the job was anchored (2.2.4). */
  private List<Seat> seatsOf(Job job) {
    return seats.computeIfAbsent(job.anchoredAt(), validators::pickableAt);
  }

  /** A jury may have been widened, along the same draw: all signers are members, and enough. */
  private static boolean isQuorum(Set<Address> signers, List<Address> members) {
    return members.containsAll(signers) && signers.size() >= Picks.quorum(members.size());
  }

  /**
   * What draws the jury (2.2.4): the hash of the draw block that witnesses stamped ahead of; for a
   * receipt that was anchored without them the seed of the execution that anchored it, since its
   * draw block may have been known before the receipt was.
   */
  private Optional<Bytes32> draw(JobReceipt receipt, Bytes32 hash) {
    Optional<Pending> anchor = anchor(hash);
    return anchor.isPresent()
        ? chain.seed().apply(anchor.get().anchoredAt())
        : chain.confirmedBlock().apply(receipt.drawHeight());
  }

  private Optional<Pending> anchor(Bytes32 hash) {
    return previous
        .pending(hash)
        .filter(pending -> pending.attesters().isEmpty() && pending.anchoredAt() != 0);
  }

  private Optional<String> verdict(Certificate certificate, MemberVerdict verdict, Bytes32 hash) {
    Outcome outcome = certificate.outcome();
    if (outcome != Outcome.CONFIRMED
        && (verdict.sampleEpoch() != 0 || !verdict.traces().isEmpty())) {
      return Optional.of("a verdict that confirms nothing has traces");
    }
    Struct said =
        switch (outcome) {
          case CONFIRMED -> new Confirmed(hash, verdict.sampleEpoch(), verdict.traces());
          case REFUTED -> certificate.refutation();
          case SILENT -> new Silent(hash);
          case UNDELIVERED -> new Undelivered(hash);
        };
    return items.signedByValidator(said, verdict.signature(), verdict.operator(), "verdict");
  }

  private static Optional<String> member(
      String what, Address operator, List<Address> drawn, Set<Address> signers) {
    if (!drawn.contains(operator)) {
      return Optional.of("the " + what + " is by " + operator + ", who was not drawn");
    }
    return signers.add(operator)
        ? Optional.empty()
        : Optional.of("the " + what + " of " + operator + " is there twice");
  }
}
