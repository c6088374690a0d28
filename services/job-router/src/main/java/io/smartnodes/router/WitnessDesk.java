package io.smartnodes.router;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.AcknowledgeRequest;
import io.smartnodes.proto.job.v1.AcknowledgeResponse;
import io.smartnodes.proto.job.v1.CommitReceiptRequest;
import io.smartnodes.proto.job.v1.CommitReceiptResponse;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.proto.signer.v1.AckToSign;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.job.UnitRange;
import io.smartnodes.protocol.job.witness.WitnessRule;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.router.rows.AckRow;
import io.smartnodes.router.rows.CertificateRow;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Stamps receipts as a witness of any job, and takes stamped ones as the home of ours
 * (docs/protocol/4-jobs.md, 4.6).
 */
@ApplicationScoped
public class WitnessDesk {
  private static final int MAX_ACKS = 16;

  private final RouterState state;
  private final Board board;
  private final Workers workers;
  private final JobDesk jobs;
  private final NodeIdentity identity;
  private final SignerClient signer;
  private final Tx tx;
  private final ReentrantLock stamping = new ReentrantLock();

  /** Called by the container. */
  public WitnessDesk(
      RouterState state,
      Board board,
      Workers workers,
      JobDesk jobs,
      NodeIdentity identity,
      SignerClient signer,
      Tx tx) {
    this.state = state;
    this.board = board;
    this.workers = workers;
    this.jobs = jobs;
    this.identity = identity;
    this.signer = signer;
    this.tx = tx;
  }

  private record History(List<AckRow> acks, Set<Bytes32> voided) {
    Optional<Bytes> signature(Bytes32 receiptHash) {
      return acks.stream()
          .filter(row -> row.receiptHash.equals(receiptHash.toString()))
          .flatMap(row -> Optional.ofNullable(row.signature).stream())
          .map(Bytes::of)
          .findFirst();
    }
  }

  /** Judges a receipt, keeps the acknowledgement, then signs it. */
  AcknowledgeResponse acknowledge(AcknowledgeRequest request, PeerId caller) {
    SignedReceipt signed = BodyStructs.fromProto(request.getReceipt(), "receipt");
    JobReceipt receipt = signed.receipt();
    if (state.head() == 0) {
      throw new Refused(ErrorCode.ERROR_CODE_NOT_READY, "", "no block has been seen yet");
    }
    stamping.lock();
    try {
      History history = history(receipt.jobId());
      WitnessRule.Knowledge known = knowledge(signed, history);
      WitnessRule.Outcome outcome = WitnessRule.judge(signed, caller, known);
      if (request.getJudgeOnly() && !(outcome instanceof WitnessRule.Outcome.Refused)) {
        board.tenure(receipt.jobId());
        return answer(Bytes.EMPTY);
      }
      return answer(
          switch (outcome) {
            case WitnessRule.Outcome.Refused refused -> throw Refusals.of(refused);
            case WitnessRule.Outcome.Again(Ack ack) -> {
              Optional<Bytes> kept = history.signature(ack.receiptHash());
              yield kept.isPresent() ? kept.get() : sign(ack, receipt, known);
            }
            case WitnessRule.Outcome.Stamp(Ack ack) -> {
              keep(ack, receipt);
              yield sign(ack, receipt, known);
            }
          });
    } finally {
      stamping.unlock();
    }
  }

  private AcknowledgeResponse answer(Bytes signature) {
    return AcknowledgeResponse.newBuilder()
        .setOperator(Fields.bytes(jobs.operator()))
        .setSignature(Fields.bytes(signature))
        .build();
  }

  private WitnessRule.Knowledge knowledge(SignedReceipt signed, History history) {
    Optional<Job> job = state.job(signed.receipt().jobId());
    List<Address> witnesses = job.map(this::witnesses).orElse(List.of());
    return new WitnessRule.Knowledge(
        identity.domain(),
        jobs.operator(),
        state.head(),
        job,
        job.map(found -> state.validatorKeys().getOrDefault(found.home(), List.of()))
            .orElse(List.of()),
        state.nodeKey(signed.lease().worker()),
        witnesses,
        history.acks().stream().map(AckRow::stamped).toList(),
        history.voided());
  }

  private List<Address> witnesses(Job job) {
    return state
        .witnesses(job)
        .orElseThrow(() ->
            new Refused(
                ErrorCode.ERROR_CODE_NOT_READY,
                "receipt.receipt.job_id",
                "the seed of the job's epoch is not known here yet"));
  }

  private Bytes sign(Ack ack, JobReceipt receipt, WitnessRule.Knowledge known) {
    AckToSign.Builder item =
        AckToSign.newBuilder()
            .setAck(JobStructs.toProto(ack))
            .setFirst(receipt.first())
            .setCount(receipt.count());
    known
        .released(new UnitRange(receipt.first(), receipt.count()))
        .forEach(hash -> item.addVoidedReceipts(Fields.bytes(hash)));
    Bytes signature = signer.sign(Signable.newBuilder().setAck(item).build());
    tx.runAndAwait(
        RouterState.UNIT,
        session ->
            session
                .createMutationQuery(
                    "update AckRow set signature = :signature where receiptHash = :hash")
                .setParameter("signature", signature.toArray())
                .setParameter("hash", ack.receiptHash().toString())
                .executeUpdate());
    return signature;
  }

  private void keep(Ack ack, JobReceipt receipt) {
    AckRow row = AckRow.of(ack, receipt);
    Tenure tenure = board.tenure(ack.jobId());
    tx.runAndAwait(
        RouterState.UNIT, session -> Leases.check(tenure).chain(() -> session.persist(row)));
  }

  private History history(Bytes32 jobId) {
    return tx.runAndAwait(
        RouterState.UNIT,
        session ->
            acks(session, jobId)
                .chain(acks -> voided(session, jobId).map(voided -> new History(acks, voided))));
  }

  private static Uni<List<AckRow>> acks(Mutiny.Session session, Bytes32 jobId) {
    return session
        .createQuery("from AckRow where job = :job", AckRow.class)
        .setParameter("job", jobId.toString())
        .getResultList();
  }

  private static Uni<Set<Bytes32>> voided(Mutiny.Session session, Bytes32 jobId) {
    return session
        .createQuery(
            "from CertificateRow where job = :job and outcome <> :confirmed", CertificateRow.class)
        .setParameter("job", jobId.toString())
        .setParameter("confirmed", Outcome.CONFIRMED.code())
        .getResultList()
        .map(rows ->
            rows.stream().map(row -> Bytes32.fromHex(row.receiptHash)).collect(Collectors.toSet()));
  }

  /** Takes a receipt with a quorum of acknowledgements; the jury is called by its event. */
  CommitReceiptResponse commit(CommitReceiptRequest request, PeerId caller, Instant now) {
    SignedReceipt signed = BodyStructs.fromProto(request.getReceipt(), "receipt");
    List<MemberSignature> acks =
        Fields.list(request.getAcksList(), MAX_ACKS, "acks", BodyStructs::fromProto);
    WitnessRule.Knowledge known = knowledge(signed, new History(List.of(), Set.of()));
    WitnessRule.flaw(signed, caller, known)
        .ifPresent(refused -> {
          throw Refusals.of(refused);
        });
    switch (WitnessRule.quorum(
        signed.receipt(), acks, known.witnesses(), state.validatorKeys(), identity.domain())) {
      case WitnessRule.Quorum.Missed(String field, String reason) ->
          throw new Refused(ErrorCode.ERROR_CODE_INVALID_ITEM, field, reason);
      case WitnessRule.Quorum.Reached reached ->
          board.locked(() -> {
            enter(signed, acks, now);
            return true;
          });
    }
    board.wake();
    return CommitReceiptResponse.getDefaultInstance();
  }

  private void enter(SignedReceipt signed, List<MemberSignature> acks, Instant now) {
    JobReceipt receipt = signed.receipt();
    LiveJob job =
        board
            .job(receipt.jobId())
            .orElseThrow(() ->
                new Refused(
                    ErrorCode.ERROR_CODE_NOT_FOUND,
                    "receipt.receipt.job_id",
                    "this home has no such live job"));
    LeaseBook.Entry entry = job.book().entries().get(receipt.lease());
    if (entry == null || !entry.lease().equals(signed.lease())) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_FOUND, "receipt.lease", "this home has no such lease");
    }
    JobStep step = new JobStep(job, now);
    step.lease(new LeaseBook.Input.Acknowledged(receipt.lease(), receipt.hashStruct()))
        .ifPresent(refused -> {
          throw new Refused(ErrorCode.ERROR_CODE_WRONG_STATE, "receipt.lease", refused.reason());
        });
    if (step.leases().isEmpty()) {
      return;
    }
    step.ticket(receipt.lease(), ticket -> ticket.received(signed));
    step.publish(event(step.job(), signed, acks));
    step.settle(true);
    board.commit(step);
    LiveJob.Ticket ticket = job.ticket(receipt.lease());
    workers.measured(
        signed.lease().worker(), receipt.count(), Duration.between(ticket.grantedAt(), now));
  }

  private ReceiptAcknowledged event(LiveJob job, SignedReceipt signed, List<MemberSignature> acks) {
    LiveJob.Ticket ticket = job.ticket(signed.receipt().lease());
    ReceiptAcknowledged.Builder event =
        ReceiptAcknowledged.newBuilder()
            .setSpec(JobStructs.toProto(job.spec()))
            .setReceipt(BodyStructs.toProto(signed))
            .setWorkerPeerId(Fields.bytes(ticket.peer()))
            .setWorkerEndpoint(
                PeerStructs.toProto(
                    workers
                        .of(signed.lease().worker())
                        .map(Workers.Seen::endpoint)
                        .orElse(ticket.endpoint())));
    acks.forEach(ack -> event.addAcks(BodyStructs.toProto(ack)));
    return event.build();
  }
}
