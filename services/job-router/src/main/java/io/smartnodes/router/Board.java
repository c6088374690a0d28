package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.job.Admission;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The jobs that this instance moves, in memory as they are stored: those of the shards that it
 * holds. Whoever changes one holds the lock, on a virtual thread; readers need none. What is stored
 * names the tenure of the job's shard, so that an instance that has lost it changes nothing.
 */
@ApplicationScoped
public class Board {
  private final RouterStore store;
  private final RouterState state;
  private final NodeIdentity identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore wakes = new Semaphore(0);
  private final Map<Bytes32, LiveJob> jobs = new ConcurrentHashMap<>();
  private final Queue<Certificate> judged = new ConcurrentLinkedQueue<>();
  private final Set<Address> refuted = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Tenure> held = new ConcurrentHashMap<>();
  private volatile Shown shown = new Shown(Set.of(), Map.of());

  /** The signed open leases by worker, of the shards that were held when they were gathered. */
  private record Shown(Set<Integer> shards, Map<Address, List<GrantedLease>> leases) {}

  /** Called by the container. */
  public Board(RouterStore store, RouterState state, NodeIdentity identity) {
    this.store = store;
    this.state = state;
    this.identity = identity;
  }

  /** What all instances know alike, as it is stored. */
  void load() {
    store.seeds().forEach(state::learned);
    for (Certificate made : store.refutations()) {
      refuted.add(made.receipt().lease().worker());
    }
  }

  /** Takes up the jobs of a shard as they are stored. */
  public void take(int shard, Tenure tenure, Instant now) {
    locked(() -> {
      for (LiveJob job : store.loadLive(shard, now)) {
        jobs.put(job.id(), job);
        judged.addAll(store.certificates(job.id()));
      }
      held.put(shard, tenure);
      return true;
    });
    wake();
  }

  /** Forgets the jobs of a shard that another instance moves from now on. */
  public void drop(int shard) {
    locked(() -> {
      held.remove(shard);
      shown = new Shown(Set.of(), Map.of());
      return jobs.keySet().removeIf(id -> Shards.of(id) == shard);
    });
    wake();
  }

  /** The shards whose leases this instance shows. */
  Set<Integer> shownShards() {
    return shown.shards();
  }

  /**
   * What permits this instance to change a job.
   *
   * @throws Refused if another instance moves it, or nobody yet
   */
  Tenure tenure(Bytes32 jobId) {
    Tenure tenure = held.get(Shards.of(jobId));
    if (tenure == null) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_READY,
          "job_id",
          "another instance takes this job over; try again");
    }
    return tenure;
  }

  /** Runs the change while nobody else changes a job. */
  <T> T locked(Supplier<T> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }

  /** Stores a step, then shows it; only with the lock. */
  void commit(JobStep step) {
    LiveJob job = step.job();
    boolean done = isDone(job);
    if (step.mustStore() || done) {
      save(step, done);
    }
    show(job, done);
  }

  private void save(JobStep step, boolean done) {
    Tenure tenure = tenure(step.jobId());
    try {
      store.save(step, done, tenure);
    } catch (LeaseLost lost) {
      drop(Shards.of(step.jobId()));
      throw lost;
    }
  }

  /** Shows a job that has just been stored. */
  void show(LiveJob job, boolean done) {
    if (done) {
      jobs.remove(job.id());
    } else {
      jobs.put(job.id(), job);
    }
  }

  /** Nothing moves it any more, and its hold can no longer be anchored. */
  private boolean isDone(LiveJob job) {
    return job.state().isEnd()
        && !job.book().isBusy()
        && (job.anchored() || Admission.isPast(job.hold(), state.epoch(), holdLifetime()));
  }

  int holdLifetime() {
    return state.parameters().map(parameters -> parameters.holdLifetime()).orElse(2);
  }

  Collection<LiveJob> jobs() {
    return List.copyOf(jobs.values());
  }

  /** Whether this instance moves a job. */
  public boolean has(Bytes32 id) {
    return jobs.containsKey(id);
  }

  Optional<LiveJob> job(Bytes32 id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** Workers of whom a receipt was refuted. */
  public Set<Address> refuted() {
    return refuted;
  }

  /** Certificates that wait for the scheduler. */
  public Queue<Certificate> judged() {
    return judged;
  }

  /** The signed open leases of a worker. */
  List<GrantedLease> grantedTo(Address worker) {
    return shown.leases().getOrDefault(worker, List.of());
  }

  /** Shows the signed open leases to their workers, with the witnesses to ask. */
  void showGranted() {
    Set<Integer> shards = Set.copyOf(held.keySet());
    Map<Address, List<GrantedLease>> all = new HashMap<>();
    for (LiveJob job : jobs.values()) {
      Optional<List<PeerId>> witnesses = witnesses(job);
      if (witnesses.isEmpty()) {
        continue;
      }
      for (LeaseBook.Entry entry : job.book().entries().values()) {
        LiveJob.Ticket ticket = job.ticket(entry.lease().number());
        if (entry.state().isOpen() && ticket.homeSignature().isPresent()) {
          all.computeIfAbsent(entry.lease().worker(), worker -> new ArrayList<>())
              .add(granted(job, entry, ticket, witnesses.get()));
        }
      }
    }
    shown = new Shown(shards, Map.copyOf(all));
  }

  private GrantedLease granted(
      LiveJob job, LeaseBook.Entry entry, LiveJob.Ticket ticket, List<PeerId> witnesses) {
    GrantedLease.Builder granted =
        GrantedLease.newBuilder()
            .setLease(JobStructs.toProto(entry.lease()))
            .setHomeSignature(Fields.bytes(ticket.homeSignature().orElseThrow()))
            .setSpec(JobStructs.toProto(job.spec()))
            .setUserSignature(Fields.bytes(job.userSignature()))
            .setHomePeerId(Fields.bytes(identity.peerId()));
    witnesses.forEach(witness -> granted.addWitnessPeerIds(Fields.bytes(witness)));
    return granted.build();
  }

  /** The nodes of the job's witnesses, empty before the job and its seed are known. */
  private Optional<List<PeerId>> witnesses(LiveJob job) {
    Map<Address, List<PublicKey>> keys = state.validatorKeys();
    return state
        .job(job.id())
        .flatMap(state::witnesses)
        .map(operators ->
            operators.stream()
                .map(operator -> PeerId.of(Objects.requireNonNull(keys.get(operator)).getFirst()))
                .toList());
  }

  boolean hasWork() {
    return !jobs.isEmpty() || !judged.isEmpty();
  }

  /** Reads again what may have been signalled in vain: certificates that no ticket has. */
  void lookAgain() {
    for (LiveJob job : jobs.values()) {
      for (Certificate made : store.certificates(job.id())) {
        boolean known =
            job.tickets().values().stream()
                .anyMatch(ticket -> ticket.certificate().filter(made::equals).isPresent());
        if (!known) {
          judged.add(made);
        }
      }
    }
  }

  /** Makes the scheduler look at once. */
  public void wake() {
    wakes.release();
  }

  /** Waits until somebody wakes, or the time has passed. */
  void await(long millis) throws InterruptedException {
    if (wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      wakes.drainPermits();
    }
  }
}
