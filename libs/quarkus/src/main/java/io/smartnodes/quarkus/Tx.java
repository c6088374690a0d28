package io.smartnodes.quarkus;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.runtime.SessionOperations;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the database. Every call opens a duplicated context, a session and a transaction
 * of its own, whatever runs at the same time and wherever it is called from (event loop, worker or
 * virtual thread); it commits when the work's item arrives and rolls back when the work fails.
 *
 * <p>Panache alone reuses the session of the current context: overlapping branches would share one
 * transaction, and a failed one would take the rows of a good one with it. For the same reason
 * {@code Uni.combine} and {@code Uni.join} must not be used inside one transaction.
 *
 * <p>A caller's cancellation or time-out does not stop a transaction: it may still commit. A
 * deadline that has passed must therefore never be read as "not persisted". Nobody waits longer
 * than {@code smartnodes.db.longest-transaction} (two minutes), whatever keeps it from ending; a
 * connection that fell silent ends it before ({@link
 * io.smartnodes.quarkus.database.DatabaseSockets}), and is not used again.
 */
@ApplicationScoped
public class Tx {
  private static final Logger LOG = Logger.getLogger(Tx.class);
  private static final String CURRENT = Tx.class.getName();
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Duration longest;

  /** Called by the container. */
  public Tx(
      Vertx vertx,
      @ConfigProperty(name = "smartnodes.db.longest-transaction", defaultValue = "2M")
          Duration longest) {
    this.vertx = vertx;
    this.longest = longest;
  }

  /** The transaction that the current context runs, for components that join it. */
  public record Current(String unit, Mutiny.Session session, List<Runnable> afterCommit) {}

  /**
   * Runs the work in a new transaction of the unit. The result is emitted on the caller's context;
   * each subscription is a transaction of its own. It fails with {@link TimeoutException} if the
   * transaction does not end: it may commit yet.
   *
   * @param unit name of the persistence unit
   * @param work gets the session; must not block
   */
  public <T> Uni<T> run(String unit, Function<Mutiny.Session, Uni<T>> work) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context caller = Vertx.currentContext();
          begin(
              unit,
              work,
              (item, failure) ->
                  onCaller(
                      caller,
                      () -> {
                        if (failure == null) {
                          emitter.complete(item);
                        } else {
                          emitter.fail(failure);
                        }
                      }));
        });
  }

  /**
   * The same for worker and virtual threads, which wait for the commit.
   *
   * @throws IllegalStateException on an event loop, or if the thread is interrupted while it waits;
   *     the transaction may commit nevertheless
   * @throws CompletionException with a {@link TimeoutException} if the transaction does not end; it
   *     may commit nevertheless
   */
  public <T> T runAndAwait(String unit, Function<Mutiny.Session, Uni<T>> work) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("an event loop must not wait for a transaction");
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    begin(
        unit,
        work,
        (item, failure) -> {
          if (failure == null) {
            done.complete(item);
          } else {
            done.completeExceptionally(failure);
          }
        });
    try {
      // The transaction's own limit comes first, unless its event loop does not run any more.
      return done.get(longest.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a transaction of " + unit + " ran", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    }
  }

  /**
   * The transaction of the current context.
   *
   * @throws IllegalStateException outside {@link #run}
   */
  public static Current current() {
    Context context = Vertx.currentContext();
    Current current = context == null ? null : context.getLocal(CURRENT);
    if (current == null) {
      throw new IllegalStateException("there is no transaction here: use Tx.run");
    }
    return current;
  }

  /**
   * Runs the action once the current transaction has committed, never if it rolls back. It runs on
   * an event loop and must not block; its failure is logged and changes nothing.
   */
  public static void afterCommit(Runnable action) {
    current().afterCommit().add(action);
  }

  private <T> void begin(
      String unit,
      Function<Mutiny.Session, Uni<T>> work,
      BiConsumer<T, @Nullable Throwable> whenDone) {
    Context fresh = VertxContext.createNewDuplicatedContext(root());
    VertxContextSafetyToggle.setContextSafe(fresh, true);
    List<Runnable> afterCommit = new CopyOnWriteArrayList<>();
    fresh.runOnContext(ignored -> {
      long limit = vertx.setTimer(longest.toMillis(), it -> whenDone.accept(null, tooLong(unit)));
      transaction(unit, fresh, afterCommit, work)
          .subscribe()
          .with(
              item -> {
                vertx.cancelTimer(limit);
                try {
                  afterCommit.forEach(Tx::runHook);
                } finally {
                  whenDone.accept(item, null);
                }
              },
              failure -> {
                vertx.cancelTimer(limit);
                whenDone.accept(null, failure);
              });
    });
  }

  private TimeoutException tooLong(String unit) {
    return new TimeoutException(
        "a transaction of %s has not ended within %s: it may commit yet".formatted(unit, longest));
  }

  private static <T> Uni<T> transaction(
      String unit, Context context, List<Runnable> hooks, Function<Mutiny.Session, Uni<T>> work) {
    // Deferred, so that what is thrown at once fails the transaction too.
    return Uni.createFrom()
        .deferred(() ->
            Panache.withTransaction(
                unit,
                () ->
                    SessionOperations.getSession(unit)
                        .chain(session -> {
                          context.putLocal(CURRENT, new Current(unit, session, hooks));
                          return work.apply(session);
                        })));
  }

  private static void runHook(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException e) {
      LOG.error("an action after a commit failed; the commit stands", e);
    }
  }

  private Context root() {
    Context caller = Vertx.currentContext();
    return caller != null && caller.isEventLoopContext()
        ? ((ContextInternal) caller).unwrap()
        : ((VertxInternal) vertx).createEventLoopContext();
  }

  private static void onCaller(@Nullable Context caller, Runnable emission) {
    if (caller == null) {
      emission.run();
    } else {
      caller.runOnContext(ignored -> emission.run());
    }
  }
}
