package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.SignedAllot;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.body.SignedRelease;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.peer.Introduction;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import java.util.Map;
import java.util.Optional;

/** The signatures and references of single items (2.6); an empty answer means valid. */
final class ItemCheck {
  private final State previous;
  private final Domain domain;
  private final Map<Address, Validator> electorate;

  ItemCheck(State previous, ChainView chain) {
    this.previous = previous;
    this.domain = chain.domain();
    this.electorate = Validators.of(previous.activeAt(previous.epoch() - 1)).byOperator();
  }

  Optional<String> refusal(Struct item) {
    return switch (item) {
      case SignedRegistration registration -> registration(registration);
      case SignedAllot allot ->
          unless(
              domain.isSignedBy(allot.allot(), allot.accountSignature(), allot.allot().account()),
              "not signed by its account");
      case SignedRelease release ->
          unless(
              domain.isSignedBy(
                  release.release(), release.accountSignature(), release.release().account()),
              "not signed by its account");
      case SignedHold hold -> hold(hold);
      case SignedReceipt receipt -> receipt(receipt);
      default -> throw new IllegalArgumentException(item.getClass() + " is not checked here");
    };
  }

  private Optional<String> registration(SignedRegistration item) {
    Registration registration = item.registration();
    if (!domain.isSignedBy(registration, item.accountSignature(), registration.account())) {
      return Optional.of("not signed by its account");
    }
    if (!isSignedByKey(registration, item.nodeSignature(), registration.publicKey())) {
      return Optional.of("not signed by its node key");
    }
    return signedByActive(
        new Introduction(registration.hashStruct(), item.introducer()),
        item.introducerSignature(),
        item.introducer(),
        "introduction");
  }

  private Optional<String> hold(SignedHold item) {
    if (!item.spec().hashStruct().equals(item.hold().jobId())) {
      return Optional.of("the hold is for another job");
    }
    if (!item.spec().home().equals(item.hold().home())) {
      return Optional.of("the hold is of another home");
    }
    if (!domain.isSignedBy(item.spec(), item.userSignature(), item.spec().user())) {
      return Optional.of("the job is not signed by its user");
    }
    return signedByActive(item.hold(), item.homeSignature(), item.hold().home(), "hold");
  }

  /** A receipt with its lease, alone or in a certificate. */
  Optional<String> receipt(SignedReceipt item) {
    JobReceipt receipt = item.receipt();
    Lease lease = item.lease();
    if (!lease.jobId().equals(receipt.jobId())
        || lease.number() != receipt.lease()
        || lease.first() != receipt.first()
        || lease.count() != receipt.count()) {
      return Optional.of("the lease is for other work");
    }
    Optional<Job> job = previous.job(receipt.jobId());
    if (job.isEmpty()) {
      return Optional.of("the job is unknown or closed");
    }
    Optional<String> unsigned =
        signedByValidator(lease, item.homeSignature(), job.get().home(), "lease");
    if (unsigned.isPresent()) {
      return unsigned;
    }
    Optional<Account> worker = previous.account(lease.worker());
    if (worker.isEmpty()) {
      return Optional.of("the worker is not registered");
    }
    return unless(
        isSignedByKey(receipt, item.workerSignature(), worker.get().publicKey()),
        "the receipt is not signed by the worker's node key");
  }

  /** A vote for the digest that was executed in the epoch before. */
  Optional<String> vote(EpochVote item, Bytes32 previousDigest) {
    if (previous.epoch() == 0) {
      return Optional.of("nobody voted before the first epoch");
    }
    String what = "vote for the executed digest";
    Validator voter = electorate.get(item.operator());
    return voter == null
        ? Optional.of("the " + what + " is by " + item.operator() + ", who had none")
        : signed(
            new Vote(previous.epoch(), item.round(), previousDigest),
            item.signature(),
            voter,
            what);
  }

  /** Whether a validator's node key signed, now or before a rotation, also of one that left. */
  Optional<String> signedByValidator(
      Struct struct, Bytes signature, Address operator, String what) {
    return previous
        .validator(operator)
        .map(validator -> signed(struct, signature, validator, what))
        .orElseGet(() -> Optional.of("the " + what + " is by " + operator + ", no validator"));
  }

  private Optional<String> signedByActive(
      Struct struct, Bytes signature, Address operator, String what) {
    return previous
        .activeValidator(operator)
        .map(validator -> signed(struct, signature, validator, what))
        .orElseGet(
            () -> Optional.of("the " + what + " is by " + operator + ", no active validator"));
  }

  private Optional<String> signed(
      Struct struct, Bytes signature, Validator validator, String what) {
    return unless(
        domain.signer(struct, signature).filter(validator.keys()::contains).isPresent(),
        "the " + what + " is not signed by the node key of " + validator.operator());
  }

  private boolean isSignedByKey(Struct struct, Bytes signature, Bytes publicKey) {
    return domain
        .signer(struct, signature)
        .filter(key -> key.bytes().equals(publicKey))
        .isPresent();
  }

  private static Optional<String> unless(boolean valid, String reason) {
    return valid ? Optional.empty() : Optional.of(reason);
  }
}
