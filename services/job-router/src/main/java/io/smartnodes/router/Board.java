package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.job.Admission;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.router.heard.HeardStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The jobs that this instance moves, in memory as they are stored: those of the shards that it
 * holds. Whoever changes one holds the lock, on a virtual thread; readers need none. What is stored
 * names the tenure of the job's shard, so that an instance that has lost it changes nothing.
 */
@ApplicationScoped
public class Board {
  private static final Logger LOG = Logger.getLogger(Board.class);

  private final RouterStore store;
  private final HeardStore heard;
  private final RouterState state;
  private final ShownLeases shown;
  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore wakes = new Semaphore(0);
  private final Map<Bytes32, LiveJob> jobs = new ConcurrentHashMap<>();
  private final Queue<Certificate> judged = new ConcurrentLinkedQueue<>();
  private final Set<Address> refuted = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Tenure> held = new ConcurrentHashMap<>();
  private final Set<Bytes32> doubted = ConcurrentHashMap.newKeySet();

  /** Called by the container. */
  public Board(RouterStore store, HeardStore heard, RouterState state, ShownLeases shown) {
    this.store = store;
    this.heard = heard;
    this.state = state;
    this.shown = shown;
  }

  /** What all instances know alike, as it is stored. */
  void load() {
    heard.seeds(-1).forEach(state::learned);
    state.seen(heard.head());
    refuted.addAll(heard.refuted());
  }

  /** Takes up the jobs of a shard as they are stored. */
  public void take(int shard, Tenure tenure, Instant now) {
    locked(() -> {
      List<LiveJob> live = store.loadLive(shard, now);
      live.forEach(job -> jobs.put(job.id(), job));
      judged.addAll(heard.certificates(live.stream().map(LiveJob::id).toList()));
      held.put(shard, tenure);
      return true;
    });
    wake();
  }

  /** Forgets the jobs of a shard that another instance moves from now on. */
  public void drop(int shard) {
    locked(() -> {
      held.remove(shard);
      doubted.removeIf(id -> Shards.of(id) == shard);
      shown.clear();
      return jobs.keySet().removeIf(id -> Shards.of(id) == shard);
    });
    wake();
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
    } catch (RuntimeException unknown) {
      // The answer may be lost, not the step: what is stored counts, not what is remembered.
      doubt(step.jobId());
      throw unknown;
    }
  }

  /** Whether a step of a job is stored is not known: it rests until it is read again. */
  void doubt(Bytes32 jobId) {
    doubted.add(jobId);
    jobs.remove(jobId);
    wake();
  }

  /** Reads again what is in doubt; only with the lock. */
  void settleDoubts(Instant now) {
    for (Bytes32 id : List.copyOf(doubted)) {
      try {
        if (held.containsKey(Shards.of(id))) {
          store.findLive(id, now).ifPresent(job -> jobs.put(id, job));
        }
        doubted.remove(id);
      } catch (RuntimeException e) {
        LOG.warnf("job %s cannot be read again yet: %s", id, e.getMessage());
      }
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
    if (!job.state().isEnd() || job.book().isBusy() || job.anchored()) {
      return job.state().isEnd() && !job.book().isBusy();
    }
    RouterState.At at = state.now();
    return at.job(job.id()).isEmpty() && Admission.isPast(job.hold(), at.epoch(), holdLifetime());
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
    if (doubted.contains(id)) {
      throw new Refused(
          ErrorCode.ERROR_CODE_NOT_READY, "job_id", "this job is being read again; try again");
    }
    return Optional.ofNullable(jobs.get(id));
  }

  /** Whether this instance moves the jobs of a shard. */
  boolean holds(int shard) {
    return held.containsKey(shard);
  }

  /** Workers of whom a receipt was refuted. */
  public Set<Address> refuted() {
    return refuted;
  }

  /** Certificates that wait for the scheduler. */
  public Queue<Certificate> judged() {
    return judged;
  }

  /** Shows the signed open leases to their workers. */
  void showGranted() {
    Set<Integer> shards = new HashSet<>(held.keySet());
    // A lease that is not shown has ended for its worker: those of a job in doubt have not.
    doubted.forEach(id -> shards.remove(Shards.of(id)));
    shown.show(shards, jobs.values());
  }

  boolean hasWork() {
    return !jobs.isEmpty() || !judged.isEmpty() || !doubted.isEmpty();
  }

  /** Reads again what may have been signalled in vain: certificates that no ticket has. */
  void lookAgain() {
    for (Certificate made : heard.certificates(jobs.keySet())) {
      boolean known =
          Optional.ofNullable(jobs.get(made.receipt().receipt().jobId())).stream()
              .flatMap(job -> job.tickets().values().stream())
              .anyMatch(ticket -> ticket.certificate().filter(made::equals).isPresent());
      if (!known) {
        judged.add(made);
      }
    }
    refuted.addAll(heard.refuted());
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
