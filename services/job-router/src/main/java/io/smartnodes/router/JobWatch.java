package io.smartnodes.router;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.router.config.RouterConfig;
import io.smartnodes.wire.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Streams the stored events of jobs: the past first, then each as it is stored. */
@ApplicationScoped
public class JobWatch {
  private static final int BATCH = 200;
  private static final long LOOK_AGAIN_MILLIS = 2_000;

  private final RouterStore store;
  private final RouterConfig config;
  private final Map<Bytes32, Set<Semaphore>> watchers = new ConcurrentHashMap<>();

  /** Called by the container. */
  public JobWatch(RouterStore store, RouterConfig config) {
    this.store = store;
    this.config = config;
  }

  /** Wakes the watchers of a job. */
  public void signal(Bytes32 jobId) {
    watchers.getOrDefault(jobId, Set.of()).forEach(Semaphore::release);
  }

  /**
   * The events of a job from a sequence number on; completes when the job has ended.
   *
   * @param jobId finds the job, or refuses; called on a virtual thread
   */
  Multi<JobEvent> watch(Supplier<Bytes32> jobId, long from) {
    return Multi.createFrom()
        .emitter(emitter ->
            Thread.ofVirtual().name("watch-job").start(() -> follow(jobId, from, emitter)));
  }

  private void follow(Supplier<Bytes32> asked, long from, MultiEmitter<? super JobEvent> emitter) {
    Semaphore bell = new Semaphore(0);
    Optional<Bytes32> jobId = Optional.empty();
    try {
      jobId = Optional.of(asked.get());
      enter(jobId.get(), bell);
      stream(jobId.get(), Math.max(1, from), emitter, bell);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      emitter.fail(e);
    } catch (RuntimeException e) {
      emitter.fail(e);
    } finally {
      jobId.ifPresent(id -> leave(id, bell));
    }
  }

  private void enter(Bytes32 jobId, Semaphore bell) {
    watchers.compute(
        jobId,
        (id, bells) -> {
          Set<Semaphore> present = bells == null ? ConcurrentHashMap.newKeySet() : bells;
          if (present.size() >= config.watchersPerJob()) {
            throw Errors.status(
                ErrorCode.ERROR_CODE_RATE_LIMITED, "job_id", "too many watch this job");
          }
          present.add(bell);
          return present;
        });
  }

  private void leave(Bytes32 jobId, Semaphore bell) {
    watchers.computeIfPresent(
        jobId,
        (id, bells) -> {
          bells.remove(bell);
          return bells.isEmpty() ? null : bells;
        });
  }

  private void stream(
      Bytes32 jobId, long from, MultiEmitter<? super JobEvent> emitter, Semaphore bell)
      throws InterruptedException {
    long next = from;
    while (!emitter.isCancelled()) {
      bell.drainPermits();
      List<JobEvent> events = store.events(jobId, next, BATCH);
      for (JobEvent event : events) {
        emitter.emit(event);
        next = event.getSequence() + 1;
      }
      if (events.size() < BATCH) {
        if (!events.isEmpty() && isEnd(events.getLast().getState())) {
          emitter.complete();
          return;
        }
        if (events.isEmpty() && next > 1 && ended(jobId, next)) {
          emitter.complete();
          return;
        }
        // The bell rings on every commit; looking again is for a bell that rang in another process.
        boolean rung = bell.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        if (rung) {
          bell.drainPermits();
        }
      }
    }
  }

  /** A watcher that has seen everything of an ended job waits for nothing. */
  private boolean ended(Bytes32 jobId, long next) {
    List<JobEvent> last = store.events(jobId, next - 1, 1);
    return !last.isEmpty() && isEnd(last.getFirst().getState());
  }

  private static boolean isEnd(JobState state) {
    return switch (state) {
      case SETTLED, FAILED, CANCELLED, JOB_EXPIRED -> true;
      case JOB_STATE_UNSPECIFIED, SUBMITTED, RUNNING, VERIFYING, CERTIFIED, UNRECOGNIZED -> false;
    };
  }
}
