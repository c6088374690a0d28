package io.smartnodes.events.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.events.TestNode;
import io.smartnodes.quarkus.Tx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class SignalsTest {
  private static final long PATIENCE_SECONDS = 300;

  @Inject Tx tx;
  @Inject Signals signals;
  @Inject Config config;
  @Inject @Any Instance<Pool> pools;

  @Test
  void thisProcessHearsASignalOnceAndOnlyAfterTheCommit() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    signals.on("a", "told", heard::add);
    assertThatThrownBy(() ->
            tx.runAndAwait(
                "a",
                session ->
                    Signals.emit("told", "rolled back")
                        .onItem()
                        .failWith(() -> new IllegalStateException("no"))))
        .hasMessage("no");
    emit("told", "committed");
    emit("told", "the last");
    assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("committed");
    assertThat(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("the last");
  }

  @Test
  void anotherProcessHearsASignalAlsoAfterItsConnectionBroke() throws Exception {
    Signals other = new Signals(pools, config, UUID.randomUUID());
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try {
      other.on("a", "far", heard::add);
      assertThat(emitUntilHeard("before", heard)).isEqualTo("before");
      heard.clear();
      long killed =
          tx.runAndAwait(
              "a",
              session ->
                  session
                      .createNativeQuery(
                          "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                              + " where pid <> pg_backend_pid()"
                              + " and (query like 'listen %' or query = 'select 1')",
                          Long.class)
                      .getSingleResult());
      assertThat(killed).isPositive();
      assertThat(emitUntilHeard("after", heard)).isEqualTo("after");
    } finally {
      other.close();
    }
  }

  private String emitUntilHeard(String key, BlockingQueue<String> heard) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - end < 0) {
      emit("far", key);
      String found = heard.poll(200, TimeUnit.MILLISECONDS);
      if (key.equals(found)) {
        return found;
      }
    }
    return "nothing";
  }

  private void emit(String kind, String key) {
    tx.runAndAwait("a", session -> Signals.emit(kind, key));
  }
}
