package io.smartnodes.router;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A job as its home knows it; never changes, {@link JobStep} makes the next one.
 *
 * @param holdSignature empty until the signer has answered
 * @param anchored whether an executed state has shown its hold
 * @param events the number of events so far
 * @param settled units settled in the last executed state
 * @param tickets what belongs to the leases beside the book, by number
 */
record LiveJob(
    Bytes32 id,
    JobSpec spec,
    Bytes userSignature,
    JobLifecycle.State state,
    String reason,
    Hold hold,
    Optional<Bytes> holdSignature,
    boolean anchored,
    long events,
    long settled,
    LeaseBook book,
    Map<Long, Ticket> tickets,
    Instant createdAt) {
  /** Copies the map. */
  LiveJob {
    tickets = Map.copyOf(tickets);
  }

  /**
   * A lease's other half.
   *
   * @param homeSignature empty until the signer has answered
   * @param peer where the worker is
   */
  record Ticket(
      Optional<Bytes> homeSignature,
      PeerId peer,
      Endpoint endpoint,
      Instant grantedAt,
      Optional<SignedReceipt> receipt,
      Optional<Certificate> certificate) {
    Ticket signed(Bytes signature) {
      return new Ticket(Optional.of(signature), peer, endpoint, grantedAt, receipt, certificate);
    }

    Ticket received(SignedReceipt signed) {
      return new Ticket(homeSignature, peer, endpoint, grantedAt, Optional.of(signed), certificate);
    }

    Ticket judged(Certificate made) {
      return new Ticket(
          homeSignature, peer, endpoint, grantedAt, Optional.of(made.receipt()), Optional.of(made));
    }
  }

  static LiveJob submitted(JobSpec spec, Bytes userSignature, Hold hold, Instant now) {
    return new LiveJob(
        hold.jobId(),
        spec,
        userSignature,
        JobLifecycle.State.SUBMITTED,
        "waits for its hold to be anchored",
        hold,
        Optional.empty(),
        false,
        0,
        0,
        LeaseBook.empty(hold.jobId(), spec.unitCount(), hold.amount()),
        Map.of(),
        now);
  }

  LiveJob in(JobLifecycle.State next, String why) {
    return new LiveJob(
        id,
        spec,
        userSignature,
        next,
        why,
        hold,
        holdSignature,
        anchored,
        events,
        settled,
        book,
        tickets,
        createdAt);
  }

  LiveJob held(Hold next, Optional<Bytes> signature) {
    return new LiveJob(
        id,
        spec,
        userSignature,
        state,
        reason,
        next,
        signature,
        anchored,
        events,
        settled,
        book,
        tickets,
        createdAt);
  }

  LiveJob anchoredWith(long settledUnits) {
    return new LiveJob(
        id,
        spec,
        userSignature,
        state,
        reason,
        hold,
        holdSignature,
        true,
        events,
        settledUnits,
        book,
        tickets,
        createdAt);
  }

  LiveJob withEvents(long count) {
    return new LiveJob(
        id,
        spec,
        userSignature,
        state,
        reason,
        hold,
        holdSignature,
        anchored,
        count,
        settled,
        book,
        tickets,
        createdAt);
  }

  LiveJob with(LeaseBook next) {
    return new LiveJob(
        id,
        spec,
        userSignature,
        state,
        reason,
        hold,
        holdSignature,
        anchored,
        events,
        settled,
        next,
        tickets,
        createdAt);
  }

  LiveJob with(long number, Ticket ticket) {
    Map<Long, Ticket> next = new HashMap<>(tickets);
    next.put(number, ticket);
    return new LiveJob(
        id,
        spec,
        userSignature,
        state,
        reason,
        hold,
        holdSignature,
        anchored,
        events,
        settled,
        book,
        next,
        createdAt);
  }

  Ticket ticket(long number) {
    Ticket ticket = tickets.get(number);
    if (ticket == null) {
      throw new IllegalStateException("lease " + number + " of " + id + " has no ticket");
    }
    return ticket;
  }

  LeaseView leaseView(LeaseBook.Entry entry) {
    Ticket ticket = ticket(entry.lease().number());
    LeaseView.Builder view =
        LeaseView.newBuilder()
            .setLease(JobStructs.toProto(entry.lease()))
            .setStateValue(entry.state().code())
            .setWorkerPeerId(Fields.bytes(ticket.peer()))
            .setWorkerEndpoint(PeerStructs.toProto(ticket.endpoint()));
    ticket.homeSignature().ifPresent(signature -> view.setHomeSignature(Fields.bytes(signature)));
    entry.receiptHash().ifPresent(hash -> view.setReceiptHash(Fields.bytes(hash)));
    ticket.certificate().ifPresent(made -> view.setCertificate(BodyStructs.toProto(made)));
    return view.build();
  }

  JobView view() {
    JobView.Builder view =
        JobView.newBuilder()
            .setJobId(Fields.bytes(id))
            .setSpec(JobStructs.toProto(spec))
            .setState(protoState(state))
            .setReason(reason)
            .setUnitsCertified(book.progress().certified())
            .setUnitsSettled(state == JobLifecycle.State.SETTLED ? spec.unitCount() : settled);
    book.entries().values().forEach(entry -> view.addLeases(leaseView(entry)));
    return view.build();
  }

  static JobState protoState(JobLifecycle.State state) {
    return switch (state) {
      case SUBMITTED -> JobState.SUBMITTED;
      case RUNNING -> JobState.RUNNING;
      case VERIFYING -> JobState.VERIFYING;
      case CERTIFIED -> JobState.CERTIFIED;
      case SETTLED -> JobState.SETTLED;
      case FAILED -> JobState.FAILED;
      case CANCELLED -> JobState.CANCELLED;
      case EXPIRED -> JobState.JOB_EXPIRED;
    };
  }
}
