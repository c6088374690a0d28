package io.smartnodes.sdk;

import io.grpc.StatusException;
import io.smartnodes.proto.job.v1.LeaseView;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The transfers of one job's leases: one at a time for a lease, again and again while the lease is
 * live and its outputs are not here. What a lease delivered before it lapsed is kept, since a
 * lapsed lease is taken back when its receipt comes with a quorum (4.4). Thread-safe.
 */
final class JobTransfers {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Path path;
  private final Executor threads;
  private final JobListener listener;
  private final Map<Long, LeaseView> live = new HashMap<>();
  private final Set<Long> running = new HashSet<>();
  private final Map<Long, LeaseTransfer.Outputs> delivered = new HashMap<>();

  /** The way to the worker of a lease; blocks. */
  @FunctionalInterface
  interface Path {
    /** Takes the outputs of a lease over; whatever is thrown, it can be tried again. */
    LeaseTransfer.Outputs run(LeaseView view) throws StatusException, InterruptedException;
  }

  JobTransfers(Path path, Executor threads, JobListener listener) {
    this.path = path;
    this.threads = threads;
    this.listener = listener;
  }

  /** A lease is live, maybe once more: its outputs are wanted if they are not here. */
  synchronized void want(LeaseView view) {
    long number = view.getLease().getNumber();
    live.put(number, view);
    if (!delivered.containsKey(number) && running.add(number)) {
      threads.execute(() -> run(number));
    }
  }

  /** A lease is not live now: no transfer is tried again until it is. */
  synchronized void leave(long number) {
    live.remove(number);
  }

  /** A lease is void for good. */
  synchronized void forget(long number) {
    live.remove(number);
    delivered.remove(number);
  }

  /** Waits for the outputs of a lease; empty if they are not here when it was enough. */
  synchronized Optional<LeaseTransfer.Outputs> await(long number, BooleanSupplier enough)
      throws InterruptedException {
    while (!delivered.containsKey(number) && !enough.getAsBoolean()) {
      wait(PAUSE.toMillis());
    }
    return Optional.ofNullable(delivered.get(number));
  }

  private void run(long number) {
    try {
      for (var view = next(number); view.isPresent(); view = next(number)) {
        try {
          LeaseTransfer.Outputs here = path.run(view.get());
          keep(number, here);
          listener.onDelivered(here.receipt(), here.outputs());
        } catch (StatusException | RuntimeException failed) {
          listener.onTrouble("lease " + number + ": " + failed.getMessage());
          Thread.sleep(PAUSE);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is to be transferred; with an empty answer the transfer has ended, and may start anew. */
  private synchronized Optional<LeaseView> next(long number) {
    Optional<LeaseView> view =
        Optional.ofNullable(live.get(number)).filter(wanted -> !delivered.containsKey(number));
    if (view.isEmpty()) {
      running.remove(number);
    }
    return view;
  }

  private synchronized void keep(long number, LeaseTransfer.Outputs here) {
    delivered.put(number, here);
    notifyAll();
  }
}
