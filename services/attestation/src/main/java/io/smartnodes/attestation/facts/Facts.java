package io.smartnodes.attestation.facts;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.attestation.jury.CertificateCheck;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.StateStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What this validator's own state and chain say; {@link Malformed} with {@code NOT_READY} where
 * they do not say it yet.
 */
@ApplicationScoped
public class Facts {
  private final StateView view;
  private final Blocks blocks;
  private final NodeIdentity identity;
  private final String operator;

  /** Called by the container. */
  public Facts(
      @Identifier("attestation") StateView view,
      Blocks blocks,
      NodeIdentity identity,
      @ConfigProperty(name = "smartnodes.operator") String operator) {
    this.view = view;
    this.blocks = blocks;
    this.identity = identity;
    this.operator = operator;
  }

  /** This validator's operator. */
  public Address self() {
    return Address.fromHex(operator);
  }

  /** The parameters in force. */
  public ProtocolParameters parameters() {
    return leaf(view.snapshot(), LeafKey.PARAMETERS)
        .map(leaf ->
            ProtocolParameters.of(StateStructs.fromProto(leaf.getParameters(), "parameters")))
        .orElseThrow(() -> notReady("state", "the state has not arrived here yet"));
  }

  /** What a receipt is checked against. */
  public CertificateCheck.View viewOf(SignedReceipt signed) {
    StateSnapshot now = view.snapshot();
    Bytes32 jobId = signed.receipt().jobId();
    Job job =
        leaf(now, LeafKey.job(jobId))
            .map(leaf -> StateStructs.fromProto(leaf.getJob(), "job"))
            .orElseThrow(() -> notReady("receipt.receipt.job_id", "the job is not anchored here"));
    Validators validators = now.validators();
    Map<Address, Set<Address>> keys =
        validators.all().stream()
            .collect(Collectors.toMap(Validator::operator, Validator::nodeAddresses));
    Set<Address> home = keys.get(job.home());
    if (home == null) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_INVALID_ITEM,
          "receipt.receipt.job_id",
          "the job's home is no validator");
    }
    Account worker = worker(now, signed.lease().worker());
    return new CertificateCheck.View(
        identity.domain(),
        keys,
        home,
        new PublicKey(worker.publicKey()).address(),
        witnesses(job, validators));
  }

  /** The node of a registered worker. */
  public PeerId workerPeer(Address account) {
    return PeerId.of(new PublicKey(worker(view.snapshot(), account).publicKey()));
  }

  /**
   * The jury of a receipt, once its draw block is confirmed here: from those who served when its
   * job was anchored (2.2.4).
   */
  public Optional<Jury> jury(JobReceipt receipt) {
    StateSnapshot now = view.snapshot();
    Optional<Long> anchoredAt = anchoredAt(now, receipt.jobId());
    if (anchoredAt.isEmpty()) {
      return Optional.empty();
    }
    List<Seat> seats = now.validators().pickableAt(anchoredAt.get());
    return blocks
        .confirmed(receipt.drawHeight())
        .map(block ->
            Jury.draw(
                receipt.hashStruct(), block.hash(), seats, parameters().jurySize(), block.at()));
  }

  private static Optional<Long> anchoredAt(StateSnapshot now, Bytes32 jobId) {
    return leaf(now, LeafKey.job(jobId)).map(leaf -> leaf.getJob().getAnchoredAt());
  }

  /**
   * Whether anything can still come of a job's receipts: its leaf is in the executed state, or no
   * state has arrived here yet.
   */
  public boolean isOpen(Bytes32 jobId) {
    StateSnapshot now = view.snapshot();
    return now.head().isEmpty() || anchoredAt(now, jobId).isPresent();
  }

  /** The hash of a confirmed draw block. */
  public Optional<Bytes32> blockHash(long number) {
    return blocks.confirmed(number).map(Blocks.Seen::hash);
  }

  /** The operators of the set. */
  public List<Address> operators() {
    return view.validators().active().stream().map(Validator::operator).toList();
  }

  /** The peer of a validator, empty if it is none, or left. */
  public Optional<PeerId> peerOf(Address validator) {
    return view.validators()
        .of(validator)
        .filter(one -> one.status() != Validator.LEFT)
        .map(one -> PeerId.of(new PublicKey(one.publicKey())));
  }

  private List<Address> witnesses(Job job, Validators validators) {
    Bytes32 seed =
        view.head()
            .filter(head -> head.epoch() == job.anchoredAt())
            .map(StateSnapshot.Head::seed)
            .or(() -> blocks.seed(job.anchoredAt()))
            .orElseThrow(() -> notReady("acks", "the seed of the job's epoch is not here yet"));
    List<Seat> seats = validators.pickableAt(job.anchoredAt());
    return Picks.witnesses(job.jobId(), seed, seats, parameters().witnesses());
  }

  private Account worker(StateSnapshot now, Address account) {
    return leaf(now, LeafKey.account(account))
        .map(leaf -> StateStructs.fromProto(leaf.getAccount(), "account"))
        .filter(found -> Role.of(found.roles()).contains(Role.WORKER))
        .orElseThrow(() -> notReady("receipt.lease.worker", "the worker is not registered here"));
  }

  private static Optional<Leaf> leaf(StateSnapshot now, LeafKey key) {
    return now.leaf(key.type().code(), key.key());
  }

  private static Malformed notReady(String field, String reason) {
    return new Malformed(ErrorCode.ERROR_CODE_NOT_READY, field, reason);
  }
}
