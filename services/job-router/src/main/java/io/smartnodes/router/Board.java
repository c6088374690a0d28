package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.job.Admission;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.quarkus.NodeIdentity;
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
 * The jobs of this home that may still move, in memory as they are stored. Whoever changes one
 * holds the lock, on a virtual thread; readers need none.
 */
@ApplicationScoped
public class Board {
  private final RouterStore store;
  private final JobWatch watch;
  private final RouterState state;
  private final NodeIdentity identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore wakes = new Semaphore(0);
  private final Map<Bytes32, LiveJob> jobs = new ConcurrentHashMap<>();
  private final Queue<Certificate> judged = new ConcurrentLinkedQueue<>();
  private final Set<Address> refuted = ConcurrentHashMap.newKeySet();
  private volatile Map<Address, List<GrantedLease>> granted = Map.of();

  /** Called by the container. */
  public Board(RouterStore store, JobWatch watch, RouterState state, NodeIdentity identity) {
    this.store = store;
    this.watch = watch;
    this.state = state;
    this.identity = identity;
  }

  /** Takes up what was stored before this start. */
  void load(Instant now) {
    store.seeds().forEach(state::learned);
    for (Certificate made : store.refutations()) {
      refuted.add(made.receipt().lease().worker());
    }
    for (LiveJob job : store.loadLive(now)) {
      jobs.put(job.id(), job);
      judged.addAll(store.certificates(job.id()));
    }
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
      store.save(step, done);
    }
    if (done) {
      jobs.remove(job.id());
    } else {
      jobs.put(job.id(), job);
    }
    if (!step.events().isEmpty()) {
      watch.signal(job.id());
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

  Optional<LiveJob> job(Bytes32 id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /** What is promised of an allotment and not yet shown by the state, but for one job. */
  Amount openHolds(JobSpec spec, Bytes32 except) {
    Amount sum = Amount.ZERO;
    for (LiveJob job : jobs.values()) {
      boolean same =
          job.spec().user().equals(spec.user()) && job.spec().asset().equals(spec.asset());
      if (same && !job.anchored() && !job.id().equals(except)) {
        sum = sum.plus(job.hold().amount());
      }
    }
    return sum;
  }

  Set<Address> refuted() {
    return refuted;
  }

  Queue<Certificate> judged() {
    return judged;
  }

  /** The signed open leases of a worker. */
  List<GrantedLease> grantedTo(Address worker) {
    return granted.getOrDefault(worker, List.of());
  }

  /** Shows the signed open leases to their workers, with the witnesses to ask. */
  void showGranted() {
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
    granted = Map.copyOf(all);
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

  /** Makes the scheduler look at once. */
  void wake() {
    wakes.release();
  }

  /** Waits until somebody wakes, or the time has passed. */
  void await(long millis) throws InterruptedException {
    if (wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      wakes.drainPermits();
    }
  }
}
