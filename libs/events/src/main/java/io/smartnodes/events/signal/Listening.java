package io.smartnodes.events.signal;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Keeps one connection that listens: asks it every ten seconds whether it lives, and replaces it
 * when it does not.
 */
final class Listening implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Listening.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);
  private static final long ANSWER_SECONDS = 5;

  private final Pool pool;
  private final BiConsumer<String, String> receiver;
  private final Set<String> channels = ConcurrentHashMap.newKeySet();
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("listening").unstarted(this::run);
  private volatile boolean stopping;

  Listening(Pool pool, BiConsumer<String, String> receiver) {
    this.pool = pool;
    this.receiver = receiver;
    thread.start();
  }

  void add(String channel) {
    if (channels.add(channel)) {
      wake.release();
    }
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    try {
      while (!stopping) {
        Optional<PgConnection> connection = Optional.empty();
        try {
          PgConnection opened = PgConnection.cast(answer(pool.getConnection()));
          connection = Optional.of(opened);
          listenWhileAlive(opened);
          retry = FIRST_RETRY;
        } catch (ExecutionException | TimeoutException e) {
          LOG.debugf(e, "no connection that listens; again in %s", retry);
        }
        connection.ifPresent(SqlConnection::close);
        if (!stopping) {
          boolean woken = wake.tryAcquire(retry.toMillis(), TimeUnit.MILLISECONDS);
          LOG.tracef("trying again, woken: %s", woken);
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  private void listenWhileAlive(PgConnection connection)
      throws InterruptedException, ExecutionException, TimeoutException {
    Semaphore closed = new Semaphore(0);
    connection.closeHandler(ignored -> {
      closed.release();
      wake.release();
    });
    connection.notificationHandler(note -> receiver.accept(note.getChannel(), note.getPayload()));
    Set<String> heard = Set.of();
    while (!stopping && closed.availablePermits() == 0) {
      Set<String> all = Set.copyOf(channels);
      String listen =
          all.equals(heard)
              ? "select 1"
              : all.stream()
                  .sorted()
                  .map(channel -> "listen \"" + channel + "\"")
                  .collect(Collectors.joining(";"));
      if (!listen.isEmpty()) {
        answer(connection.query(listen).execute());
      }
      heard = all;
      if (wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    }
    if (stopping && !heard.isEmpty()) {
      answer(connection.query("unlisten *").execute());
    }
  }

  private static <T> T answer(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.toCompletionStage().toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    stopping = true;
    wake.release();
    try {
      if (!thread.join(Duration.ofSeconds(2))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
