package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Anchored receipts and the outcomes of juries (2.5, steps 6 to 8). */
final class Certificates {
  private final Draft draft;
  private final List<Certificate> certificates;

  Certificates(Draft draft, List<Certificate> certificates) {
    this.draft = draft;
    this.certificates = certificates;
    for (Certificate item : certificates) {
      if (item.outcome() == Outcome.REFUTED) {
        draft.refuted().add(item.receipt().receipt().hashStruct());
      }
    }
  }

  /**
   * Anchors receipts that found no acknowledgements. An anchored receipt is a pending one of no
   * amount and without attesters, which no payment touches; it stands for the acknowledgements of a
   * later certificate and goes with its job.
   */
  void anchor(List<SignedReceipt> receipts) {
    for (SignedReceipt item : receipts) {
      ItemId id = ItemId.of(ItemId.Kind.RECEIPT, item);
      JobReceipt receipt = item.receipt();
      Bytes32 hash = receipt.hashStruct();
      Optional<Job> job = draft.state().job(receipt.jobId());
      Optional<String> reason =
          draft.state().pending(hash).isPresent()
              ? Optional.of("a certificate stands, or it is anchored or refuted already")
              : refusal(job, item, hash);
      if (job.isEmpty() || reason.isPresent()) {
        draft.ignore(id, reason.orElse("the job is unknown or closed"));
        continue;
      }
      draft.put(pending(item, job.get(), hash, Amount.ZERO, List.of()));
      draft.acted();
    }
  }

  /** Voids refuted receipts and bans their workers. */
  void refute() {
    for (Certificate item : certificates) {
      if (item.outcome() != Outcome.REFUTED) {
        continue;
      }
      boolean acted = false;
      Bytes32 hash = item.receipt().receipt().hashStruct();
      Optional<Pending> pending = draft.state().pending(hash);
      if (pending.filter(Certificates::isVoid).isEmpty()) {
        acted = pending.isPresent();
        pending.ifPresent(this::unsettle);
        remember(item);
      }
      Optional<Account> worker = draft.state().account(item.receipt().lease().worker());
      if (worker.isPresent() && worker.get().status() != Status.BANNED) {
        draft.put(Accounts.banned(worker.get(), item.refutation().hashStruct()));
        acted = true;
      }
      count(item, acted, "the worker is banned and nothing is pending");
    }
  }

  /** Settles the units of confirmed receipts. */
  void confirm() {
    for (Certificate item : certificates) {
      switch (item.outcome()) {
        case CONFIRMED -> confirm(item);
        case SILENT, UNDELIVERED -> {
          LeafKey anchor = LeafKey.pending(item.receipt().receipt().hashStruct());
          boolean anchored =
              draft
                  .state()
                  .pending(anchor.key())
                  .filter(pending -> isAnchor(pending) && !isVoid(pending))
                  .isPresent();
          if (anchored) {
            draft.remove(anchor);
          }
          count(item, anchored, "an outcome without payment changes nothing");
        }
        case REFUTED -> {}
      }
    }
  }

  /** Whether a leaf only marks a receipt, as anchored or refuted, and pays nothing. */
  static boolean isAnchor(Pending pending) {
    return pending.attesters().isEmpty();
  }

  /** Whether a leaf marks a refuted receipt, which no confirmation can bring back. */
  static boolean isVoid(Pending pending) {
    return isAnchor(pending) && pending.anchoredAt() == 0;
  }

  /** Marks a refuted receipt until its job ends. */
  private void remember(Certificate item) {
    JobReceipt receipt = item.receipt().receipt();
    draft
        .state()
        .job(receipt.jobId())
        .ifPresent(job ->
            draft.put(
                new Pending(
                    receipt.hashStruct(),
                    job.jobId(),
                    item.receipt().lease().worker(),
                    receipt.first(),
                    receipt.count(),
                    job.asset(),
                    Amount.ZERO,
                    0,
                    List.of())));
  }

  private void confirm(Certificate item) {
    ItemId id = ItemId.of(ItemId.Kind.CERTIFICATE, item);
    SignedReceipt signed = item.receipt();
    JobReceipt receipt = signed.receipt();
    Bytes32 hash = receipt.hashStruct();
    Optional<Job> found = draft.state().job(receipt.jobId());
    Optional<String> reason = refusal(found, signed, hash);
    if (found.isEmpty() || reason.isPresent()) {
      draft.ignore(id, reason.orElse("the job is unknown or closed"));
      return;
    }
    Job job = found.get();
    BigInteger price =
        signed.lease().unitPrice().value().multiply(BigInteger.valueOf(receipt.fuel().value()));
    if (price.compareTo(job.held().value()) > 0) {
      draft.ignore(id, "its price of " + price + " is above what is held: " + job.held());
      return;
    }
    List<Address> attesters =
        Stream.concat(
                item.acks().stream().map(MemberSignature::operator),
                item.verdicts().stream().map(MemberVerdict::operator))
            .distinct()
            .sorted()
            .toList();
    if (attesters.isEmpty()) {
      draft.ignore(id, "nobody attests it");
      return;
    }
    Amount amount = new Amount(price);
    draft.put(job.settle(receipt.first(), receipt.count(), amount));
    draft.put(pending(signed, job, hash, amount, attesters));
    draft.acted();
  }

  private Optional<String> refusal(Optional<Job> job, SignedReceipt item, Bytes32 hash) {
    JobReceipt receipt = item.receipt();
    if (job.isEmpty()) {
      return Optional.of("the job is unknown or closed");
    }
    if (job.get().closingAt() != 0 && job.get().closingAt() < draft.epoch()) {
      return Optional.of("the job is closing");
    }
    if (draft.refuted().contains(hash)
        || draft.state().pending(hash).filter(Certificates::isVoid).isPresent()) {
      return Optional.of("the receipt is refuted");
    }
    if (!job.get().contains(receipt.first(), receipt.count())
        || receipt.count() > draft.parameters().maxUnitsPerLease()) {
      return Optional.of("its units are not those of a lease of the job");
    }
    if (job.get().anySettled(receipt.first(), receipt.count())) {
      return Optional.of("a unit is settled already");
    }
    if (draft.state().account(item.lease().worker()).isEmpty()) {
      return Optional.of("the worker is unknown");
    }
    return Optional.empty();
  }

  private void unsettle(Pending pending) {
    if (!isAnchor(pending)) {
      Job job =
          draft
              .state()
              .job(pending.jobId())
              .orElseThrow(() -> new IllegalStateException("a payment outlived its job"));
      draft.put(job.unsettle(pending.first(), pending.count(), pending.amount()));
    }
    draft.remove(LeafKey.of(pending));
  }

  private void count(Certificate item, boolean acted, String reason) {
    if (acted) {
      draft.acted();
    } else {
      draft.ignore(ItemId.of(ItemId.Kind.CERTIFICATE, item), reason);
    }
  }

  private Pending pending(
      SignedReceipt item, Job job, Bytes32 hash, Amount amount, List<Address> attesters) {
    return new Pending(
        hash,
        job.jobId(),
        item.lease().worker(),
        item.receipt().first(),
        item.receipt().count(),
        job.asset(),
        amount,
        draft.epoch(),
        attesters);
  }
}
