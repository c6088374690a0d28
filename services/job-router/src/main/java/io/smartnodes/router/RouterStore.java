package io.smartnodes.router;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.protocol.job.LeaseState;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.instances.RouterSignals;
import io.smartnodes.router.rows.JobEventRow;
import io.smartnodes.router.rows.JobRow;
import io.smartnodes.router.rows.LeaseRow;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.hibernate.reactive.mutiny.Mutiny;

/** The jobs of this home in the database; for virtual threads. */
@ApplicationScoped
public class RouterStore {
  private static final String UNIT = RouterState.UNIT;

  private final Tx tx;
  private final Outbox outbox;

  /** Called by the container. */
  public RouterStore(Tx tx, Outbox outbox) {
    this.tx = tx;
    this.outbox = outbox;
  }

  /**
   * Stores a step with its events, in one transaction.
   *
   * @throws io.smartnodes.events.lease.LeaseLost if the tenure has ended: nothing is stored
   */
  void save(JobStep step, boolean done, Tenure tenure) {
    tx.runAndAwait(UNIT, session -> Leases.check(tenure).chain(() -> store(session, step, done)));
  }

  /** Stores a step within the current transaction. */
  Uni<Void> store(Mutiny.Session session, JobStep step, boolean done) {
    LiveJob job = step.job();
    Uni<?> all = session.merge(row(job, done));
    for (long number : step.leases()) {
      LeaseBook.Entry entry = Objects.requireNonNull(job.book().entries().get(number));
      all = all.chain(() -> session.merge(row(job, entry)));
    }
    for (JobEvent event : step.events()) {
      all =
          all.chain(() ->
              session.persist(
                  JobEventRow.of(job.id().toString(), event.getSequence(), event.toByteArray())));
    }
    for (Message message : step.published()) {
      all =
          all.chain(() -> session.flush())
              .chain(() -> outbox.publish("job.v1", job.id().toString(), message));
    }
    if (!step.events().isEmpty()) {
      all = all.chain(() -> Signals.emit(RouterSignals.JOB, job.id().toString()));
    }
    return all.replaceWithVoid();
  }

  /** The jobs of a shard that may still move, with everything that is known of them. */
  List<LiveJob> loadLive(int shard, Instant now) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from JobRow where not done and id like :end", JobRow.class)
                // Ids are hexadecimal: the last digit is the shard.
                .setParameter("end", "%" + Integer.toHexString(shard))
                .getResultList()
                .chain(jobs -> leasesOf(session, jobs).map(leases -> join(jobs, leases, now))));
  }

  /** One job, whatever became of it. */
  Optional<LiveJob> find(Bytes32 jobId, Instant now) {
    return find("id = :id", jobId, now);
  }

  /** One job, if it may still move. */
  Optional<LiveJob> findLive(Bytes32 jobId, Instant now) {
    return find("id = :id and not done", jobId, now);
  }

  private Optional<LiveJob> find(String condition, Bytes32 jobId, Instant now) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from JobRow where " + condition, JobRow.class)
                .setParameter("id", jobId.toString())
                .getResultList()
                .chain(jobs ->
                    leasesOf(session, jobs)
                        .map(leases -> join(jobs, leases, now).stream().findFirst())));
  }

  /** Events of a job behind a sequence number, the oldest first, at most {@code max}. */
  List<JobEvent> events(Bytes32 jobId, long from, int max) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery(
                    "from JobEventRow where job = :job and sequence >= :from order by sequence",
                    JobEventRow.class)
                .setParameter("job", jobId.toString())
                .setParameter("from", from)
                .setMaxResults(max)
                .getResultList()
                .map(
                    rows -> rows.stream().map(row -> parse(JobEvent.parser(), row.body)).toList()));
  }

  private static Uni<List<LeaseRow>> leasesOf(Mutiny.Session session, List<JobRow> jobs) {
    return session
        .createQuery("from LeaseRow where job in :jobs", LeaseRow.class)
        .setParameter("jobs", jobs.isEmpty() ? List.of("") : jobs.stream().map(j -> j.id).toList())
        .getResultList();
  }

  private static List<LiveJob> join(List<JobRow> jobs, List<LeaseRow> leases, Instant now) {
    return jobs.stream()
        .map(job -> live(job, leases.stream().filter(row -> row.job.equals(job.id)).toList(), now))
        .toList();
  }

  private static LiveJob live(JobRow row, List<LeaseRow> leases, Instant now) {
    JobSpec spec =
        JobStructs.fromProto(
            parse(io.smartnodes.proto.types.v1.JobSpec.parser(), row.spec), "spec");
    Bytes32 id = Bytes32.fromHex(row.id);
    Amount amount = spec.maxPrice();
    TreeMap<Long, LeaseBook.Entry> entries = new TreeMap<>();
    Map<Long, LiveJob.Ticket> tickets = new HashMap<>();
    for (LeaseRow lease : leases) {
      entries.put(lease.number, entry(lease, now));
      tickets.put(lease.number, ticket(lease));
    }
    return new LiveJob(
        id,
        spec,
        Bytes.of(row.userSignature),
        JobLifecycle.State.of(row.state).orElseThrow(),
        row.reason,
        new Hold(id, spec.home(), amount, row.holdEpoch),
        Optional.ofNullable(row.holdSignature).map(Bytes::of),
        row.anchored,
        row.events,
        row.settled,
        new LeaseBook(id, spec.unitCount(), amount, entries),
        tickets,
        row.createdAt);
  }

  private static LeaseBook.Entry entry(LeaseRow row, Instant now) {
    Lease lease =
        JobStructs.fromProto(parse(io.smartnodes.proto.types.v1.Lease.parser(), row.body), "lease");
    // After a start every worker has the whole time of silence to be heard again.
    return new LeaseBook.Entry(
        lease,
        LeaseState.of(row.state).orElseThrow(),
        now,
        0,
        Optional.ofNullable(row.receiptHash).map(Bytes32::fromHex));
  }

  private static LiveJob.Ticket ticket(LeaseRow row) {
    return new LiveJob.Ticket(
        Optional.ofNullable(row.homeSignature).map(Bytes::of),
        PeerId.fromHex(row.peer),
        PeerStructs.fromProto(
            parse(io.smartnodes.proto.types.v1.Endpoint.parser(), row.endpoint), "endpoint"),
        row.grantedAt,
        Optional.ofNullable(row.receipt)
            .map(raw ->
                BodyStructs.fromProto(
                    parse(io.smartnodes.proto.types.v1.SignedReceipt.parser(), raw), "receipt")),
        Optional.ofNullable(row.certificate)
            .map(raw ->
                BodyStructs.fromProto(
                    parse(io.smartnodes.proto.types.v1.Certificate.parser(), raw), "certificate")));
  }

  private static JobRow row(LiveJob job, boolean done) {
    JobRow row = new JobRow();
    row.id = job.id().toString();
    row.spec = JobStructs.toProto(job.spec()).toByteArray();
    row.userSignature = job.userSignature().toArray();
    row.account = job.spec().user().toString();
    row.asset = job.spec().asset().toString();
    row.nonce = job.spec().nonce();
    row.state = job.state().code();
    row.reason = job.reason();
    row.holdEpoch = job.hold().stateEpoch();
    row.holdSignature = job.holdSignature().map(Bytes::toArray).orElse(null);
    row.anchored = job.anchored();
    row.events = job.events();
    row.settled = job.settled();
    row.done = done;
    row.createdAt = job.createdAt();
    return row;
  }

  private static LeaseRow row(LiveJob job, LeaseBook.Entry entry) {
    LiveJob.Ticket ticket = job.ticket(entry.lease().number());
    LeaseRow row = new LeaseRow();
    row.id = job.id() + ":" + entry.lease().number();
    row.job = job.id().toString();
    row.number = entry.lease().number();
    row.body = JobStructs.toProto(entry.lease()).toByteArray();
    row.homeSignature = ticket.homeSignature().map(Bytes::toArray).orElse(null);
    row.state = entry.state().code();
    row.peer = ticket.peer().toString();
    row.endpoint = PeerStructs.toProto(ticket.endpoint()).toByteArray();
    row.grantedAt = ticket.grantedAt();
    row.receiptHash = entry.receiptHash().map(Bytes32::toString).orElse(null);
    row.receipt =
        ticket.receipt().map(made -> BodyStructs.toProto(made).toByteArray()).orElse(null);
    row.certificate =
        ticket.certificate().map(made -> BodyStructs.toProto(made).toByteArray()).orElse(null);
    return row;
  }

  /** A message as it was stored. */
  public static <M extends Message> M parse(Parser<M> parser, byte[] raw) {
    try {
      return parser.parseFrom(raw);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored message cannot be read", e);
    }
  }
}
