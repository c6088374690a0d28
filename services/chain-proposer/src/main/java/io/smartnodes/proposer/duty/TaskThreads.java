package io.smartnodes.proposer.duty;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Virtual threads for tasks of one term: none of them outlives it. */
public final class TaskThreads implements Duties {
  private static final Logger LOG = Logger.getLogger(TaskThreads.class);

  private volatile Optional<ExecutorService> threads = Optional.empty();

  /** None yet. */
  public TaskThreads() {}

  @Override
  public void begin() {
    threads = Optional.of(Executors.newVirtualThreadPerTaskExecutor());
  }

  /** Runs a task, if there is a term; else nobody waits for it any more. */
  public void execute(Runnable task) {
    try {
      threads.ifPresent(now -> now.execute(task));
    } catch (RejectedExecutionException over) {
      LOG.debugf("too late: %s", over.getMessage());
    }
  }

  @Override
  public boolean end(Duration most) {
    Optional<ExecutorService> running = threads;
    threads = Optional.empty();
    if (running.isEmpty()) {
      return true;
    }
    running.get().shutdownNow();
    try {
      return running.get().awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
