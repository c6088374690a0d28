package io.smartnodes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A database whose machine is gone without a word, as TCP sees it. */
@QuarkusTest
@TestProfile(SilentDatabaseTest.ThroughAProxy.class)
class SilentDatabaseTest {
  /** More than the pool has connections. */
  private static final int AT_ONCE = 15;

  private static final long PATIENCE_SECONDS = 300;

  @Inject Tx tx;

  /** A process whose limits are short, and far enough apart to be told from each other. */
  public static class ThroughAProxy implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Node.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "smartnodes.db.longest-silence", "2S", "smartnodes.db.longest-transaction", "20S");
    }
  }

  /** The database of the tests, behind a proxy. */
  public static class Node extends TestNode {
    private static volatile Optional<SilentProxy> proxy = Optional.empty();

    @Override
    public Map<String, String> start() {
      Map<String, String> settings = new HashMap<>(super.start());
      String url = Objects.requireNonNull(settings.get("smartnodes.db.url"));
      int port = URI.create(url.substring(url.indexOf("postgresql:"))).getPort();
      SilentProxy started = new SilentProxy(port);
      proxy = Optional.of(started);
      settings.put("smartnodes.db.url", url.replace(":" + port + "/", ":" + started.port() + "/"));
      return settings;
    }

    @Override
    public void stop() {
      proxy.ifPresent(SilentProxy::close);
      super.stop();
    }
  }

  private int one() {
    return tx.runAndAwait(
        "a", session -> session.createNativeQuery("select 1", Integer.class).getSingleResult());
  }

  @Test
  void transactionsFailInsteadOfWaitingAndThePoolComesBack() throws Exception {
    SilentProxy proxy = Node.proxy.orElseThrow();
    awaitAnswer();

    proxy.fallSilent();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> waiting =
          IntStream.range(0, AT_ONCE).mapToObj(number -> threads.submit(this::one)).toList();
      for (Future<Integer> one : waiting) {
        assertThatThrownBy(() -> one.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            // By the connection, which is free for others then; not by the longest transaction.
            .satisfies(e -> assertThat(e).rootCause().isNotInstanceOf(TimeoutException.class));
      }
    }

    proxy.comeBack();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> one :
          IntStream.range(0, AT_ONCE)
              .mapToObj(number -> threads.submit(this::awaitAnswer))
              .toList()) {
        one.get();
      }
    }
  }

  /** On a slow machine a database is silent for two seconds though it is there. */
  private void awaitAnswer() {
    long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
    while (!answers()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private boolean answers() {
    try {
      return one() == 1;
    } catch (RuntimeException stillAway) {
      return false;
    }
  }

  @Test
  void whatNeverEndsIsNotWaitedForForEver() {
    long before = System.nanoTime();
    assertThatThrownBy(() -> tx.runAndAwait("b", session -> Uni.createFrom().nothing()))
        .hasRootCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("it may commit yet");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(PATIENCE_SECONDS));
  }

  @Test
  void anErrorEndsATransactionAtOnce() {
    assertThatThrownBy(() ->
            tx.runAndAwait(
                "b",
                session -> {
                  throw new StackOverflowError("too deep");
                }))
        .hasRootCauseInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> tx.runAndAwait("no-such-unit", session -> Uni.createFrom().item(1)))
        .isNotInstanceOf(CompletionException.class);
    assertThat(
            tx.<Integer>runAndAwait(
                "b",
                session -> {
                  Tx.afterCommit(() -> {
                    throw new StackOverflowError("after the commit");
                  });
                  return Uni.createFrom().item(7);
                }))
        .isEqualTo(7);
  }
}
