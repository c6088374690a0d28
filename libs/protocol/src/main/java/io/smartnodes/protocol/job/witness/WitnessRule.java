package io.smartnodes.protocol.job.witness;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.protocol.state.Job;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** When a witness stamps a receipt, and when stamps suffice (docs/protocol/4-jobs.md, 4.6). */
public final class WitnessRule {
  /** The draw block is at least one and at most so many blocks ahead of the witness's head. */
  public static final long WINDOW = 32;

  /**
   * Acknowledgements end together, at block numbers that this divides: were each bound for as long
   * as its own, witnesses that stamped different receipts over the same units would block each
   * other for ever.
   */
  public static final long PERIOD = 256;

  private WitnessRule() {}

  /** A receipt that this witness has acknowledged. */
  public record Stamped(Bytes32 receiptHash, long lease, UnitRange units, long drawHeight) {
    /**
     * Whether it keeps other receipts away from its units: until the first block whose number
     * {@link #PERIOD} divides, {@link #WINDOW} blocks after its draw at the earliest. Nobody can
     * add acknowledgements to it any more then; had it a quorum, its home would know.
     */
    public boolean bindsAt(long head) {
      return head < ((drawHeight + WINDOW) / PERIOD + 1) * PERIOD;
    }
  }

  /**
   * What a witness knows.
   *
   * @param job the leaf of the job in the last executed state
   * @param homeKeys node keys of the job's home, the current one and the one before
   * @param workerKey node key of the lease's worker
   * @param witnesses of the job
   * @param earlier what this witness has acknowledged of this job
   * @param voided receipts of this job that a certificate has voided
   */
  public record Knowledge(
      Domain domain,
      Address self,
      long head,
      Optional<Job> job,
      List<PublicKey> homeKeys,
      Optional<PublicKey> workerKey,
      List<Address> witnesses,
      List<Stamped> earlier,
      Set<Bytes32> voided) {
    /** Copies the collections. */
    public Knowledge {
      homeKeys = List.copyOf(homeKeys);
      witnesses = List.copyOf(witnesses);
      earlier = List.copyOf(earlier);
      voided = Set.copyOf(voided);
    }

    /** What this witness has acknowledged over these units and what gives way to another lease. */
    public List<Bytes32> released(UnitRange units) {
      return earlier.stream()
          .filter(stamped -> stamped.units().overlaps(units) && !isInTheWay(stamped))
          .map(Stamped::receiptHash)
          .toList();
    }

    private boolean isInTheWay(Stamped stamped) {
      return stamped.bindsAt(head) && !voided.contains(stamped.receiptHash());
    }
  }

  /** What a witness answers. */
  public sealed interface Outcome {
    /** To be kept, then signed. */
    record Stamp(Ack ack) implements Outcome {}

    /** The same receipt again: the same answer. */
    record Again(Ack ack) implements Outcome {}

    /** No acknowledgement. */
    record Refused(Cause cause, String field, String reason) implements Outcome {}
  }

  /** Why a receipt is refused. */
  public enum Cause {
    BAD_SIGNATURE,
    NOT_ANCHORED,
    NOT_WITNESS,
    NOT_ITS_WORKER,
    NOT_ITS_LEASE,
    OUT_OF_WINDOW,
    LEASE_TAKEN,
    UNIT_TAKEN
  }

  /** Judges a receipt that a worker brings. */
  public static Outcome judge(SignedReceipt signed, PeerId caller, Knowledge known) {
    Optional<Outcome.Refused> flaw = flaw(signed, caller, known);
    if (flaw.isPresent()) {
      return flaw.get();
    }
    JobReceipt receipt = signed.receipt();
    if (!known.witnesses().contains(known.self())) {
      return refused(
          Cause.NOT_WITNESS, "receipt.job_id", "this validator is no witness of the job");
    }
    Bytes32 hash = receipt.hashStruct();
    Ack ack = new Ack(receipt.jobId(), receipt.lease(), hash);
    if (known.earlier().stream().anyMatch(stamped -> stamped.receiptHash().equals(hash))) {
      return new Outcome.Again(ack);
    }
    long ahead = receipt.drawHeight() - known.head();
    if (ahead < 1 || ahead > WINDOW) {
      return refused(
          Cause.OUT_OF_WINDOW,
          "receipt.draw_height",
          "must be 1 to " + WINDOW + " blocks ahead of the head " + known.head());
    }
    return history(receipt, ack, known);
  }

  private static Outcome history(JobReceipt receipt, Ack ack, Knowledge known) {
    UnitRange units = new UnitRange(receipt.first(), receipt.count());
    for (Stamped stamped : known.earlier()) {
      // Two acknowledgements within a lease prove equivocation on the chain, which knows no
      // certificates: a voided receipt frees its units for other leases only.
      if (stamped.lease() == receipt.lease()) {
        return refused(
            Cause.LEASE_TAKEN, "receipt.lease", "another receipt of this lease is acknowledged");
      }
      if (stamped.units().overlaps(units) && known.isInTheWay(stamped)) {
        return refused(
            Cause.UNIT_TAKEN,
            "receipt.first",
            "another receipt over these units is acknowledged, not voided, and still binds");
      }
    }
    return new Outcome.Stamp(ack);
  }

  /** What is wrong with a receipt for every validator: signatures, lease, bounds; else empty. */
  public static Optional<Outcome.Refused> flaw(
      SignedReceipt signed, PeerId caller, Knowledge known) {
    JobReceipt receipt = signed.receipt();
    Lease lease = signed.lease();
    Optional<Outcome.Refused> shape = shape(receipt, lease);
    if (shape.isPresent()) {
      return shape;
    }
    if (known.job().isEmpty()) {
      return flaw(Cause.NOT_ANCHORED, "receipt.job_id", "no executed state holds this job");
    }
    Job job = known.job().get();
    if (!job.jobId().equals(receipt.jobId()) || lease.first() > job.unitCount() - lease.count()) {
      return flaw(Cause.NOT_ITS_LEASE, "lease.count", "reaches beyond the units of the job");
    }
    if (known.workerKey().filter(key -> PeerId.of(key).equals(caller)).isEmpty()) {
      return flaw(Cause.NOT_ITS_WORKER, "lease.worker", "the caller is not the lease's worker");
    }
    if (!isSigned(known.domain(), lease, signed.homeSignature(), known.homeKeys())) {
      return flaw(Cause.BAD_SIGNATURE, "home_signature", "is not by the job's home");
    }
    return isSigned(
            known.domain(), receipt, signed.workerSignature(), known.workerKey().stream().toList())
        ? Optional.empty()
        : flaw(Cause.BAD_SIGNATURE, "worker_signature", "is not by the lease's worker");
  }

  private static Optional<Outcome.Refused> shape(JobReceipt receipt, Lease lease) {
    if (!lease.jobId().equals(receipt.jobId()) || lease.number() != receipt.lease()) {
      return flaw(Cause.NOT_ITS_LEASE, "receipt.lease", "belongs to another lease");
    }
    if (lease.first() != receipt.first() || lease.count() != receipt.count()) {
      return flaw(Cause.NOT_ITS_LEASE, "receipt.count", "must cover exactly the lease");
    }
    if (lease.count() < 1 || lease.first() < 0) {
      return flaw(Cause.NOT_ITS_LEASE, "lease.count", "must be at least 1");
    }
    // A unit counts as one until fuel is metered.
    return receipt.fuel().value() == receipt.count()
        ? Optional.empty()
        : flaw(Cause.NOT_ITS_LEASE, "receipt.fuel", "must be one per unit");
  }

  /** What a set of acknowledgements is worth. */
  public sealed interface Quorum {
    /** Enough of the witnesses have signed. */
    record Reached(int signers) implements Quorum {}

    /** Too few, or one that does not count. */
    record Missed(String field, String reason) implements Quorum {}
  }

  /**
   * Counts the acknowledgements of a receipt (2.2.3, 2.6).
   *
   * @param keys node keys that count, by operator
   */
  public static Quorum quorum(
      JobReceipt receipt,
      List<MemberSignature> acks,
      List<Address> witnesses,
      Map<Address, List<PublicKey>> keys,
      Domain domain) {
    Ack ack = new Ack(receipt.jobId(), receipt.lease(), receipt.hashStruct());
    Set<Address> signers = new HashSet<>();
    for (int i = 0; i < acks.size(); i++) {
      MemberSignature member = acks.get(i);
      String field = "acks[" + i + "]";
      if (!witnesses.contains(member.operator())) {
        return new Quorum.Missed(field, member.operator() + " is no witness of the job");
      }
      if (!signers.add(member.operator())) {
        return new Quorum.Missed(field, member.operator() + " appears twice");
      }
      List<PublicKey> own = keys.getOrDefault(member.operator(), List.of());
      if (!isSigned(domain, ack, member.signature(), own)) {
        return new Quorum.Missed(field, "is not the signature of " + member.operator());
      }
    }
    int needed = Picks.quorum(witnesses.size());
    return signers.size() >= needed
        ? new Quorum.Reached(signers.size())
        : new Quorum.Missed("acks", signers.size() + " of the " + needed + " that are needed");
  }

  private static boolean isSigned(
      Domain domain, Struct struct, Bytes signature, List<PublicKey> keys) {
    return domain.signer(struct, signature).filter(keys::contains).isPresent();
  }

  private static Outcome.Refused refused(Cause cause, String field, String reason) {
    return new Outcome.Refused(cause, field, reason);
  }

  private static Optional<Outcome.Refused> flaw(Cause cause, String field, String reason) {
    return Optional.of(refused(cause, field, reason));
  }
}
