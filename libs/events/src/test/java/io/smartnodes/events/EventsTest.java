package io.smartnodes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.rows.a.RowA;
import io.smartnodes.quarkus.Tx;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class EventsTest {
  private static final long PATIENCE_SECONDS = 300;

  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject Recorder recorder;
  @Inject Vertx vertx;
  @Inject Processing processing;
  @Inject Leases leases;

  @Test
  void overlappingTransactionsStandAlone() throws Exception {
    CompletableFuture<Void> bothStarted = new CompletableFuture<>();
    CompletableFuture<Object> bad = new CompletableFuture<>();
    CompletableFuture<Object> good = new CompletableFuture<>();
    Context loop = vertx.getOrCreateContext();
    loop.runOnContext(ignored -> {
      tx.run(
              "a",
              session ->
                  session
                      .persist(new RowA("bad", 1))
                      .chain(session::flush)
                      .chain(() -> Uni.createFrom().completionStage(bothStarted))
                      .onItem()
                      .failWith(() -> new IllegalStateException("refused")))
          .subscribe()
          .with(bad::complete, bad::completeExceptionally);
      tx.run(
              "a",
              session ->
                  session
                      .persist(new RowA("good", 1))
                      .chain(session::flush)
                      .invoke(() -> bothStarted.complete(null)))
          .subscribe()
          .with(good::complete, good::completeExceptionally);
    });
    good.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThatThrownBy(() -> bad.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .hasMessageContaining("refused");
    assertThat(names()).contains("good").doesNotContain("bad");
  }

  @Test
  void aTransactionInsideAnotherIsItsOwn() {
    assertThatThrownBy(() ->
            tx.runAndAwait(
                "a",
                outer ->
                    outer
                        .persist(new RowA("outer", 1))
                        .chain(() -> tx.run("a", inner -> inner.persist(new RowA("inner", 1))))
                        .onItem()
                        .failWith(() -> new IllegalStateException("outer fails"))))
        .hasMessageContaining("outer fails");
    assertThat(names()).contains("inner").doesNotContain("outer");
  }

  @Test
  void manyVirtualThreadsWriteSideBySide() throws Exception {
    List<Thread> threads =
        IntStream.range(0, 200)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() ->
                        tx.runAndAwait("a", session -> session.persist(new RowA("many" + i, i)))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(names().stream().filter(name -> name.startsWith("many"))).hasSize(200);
  }

  @Test
  void anEventAndItsStateCommitTogether() throws Exception {
    tx.runAndAwait(
        "a",
        session ->
            session.persist(new RowA("told", 1)).chain(() -> publish("together", "told-event")));
    assertThat(nextCommitted("told-event")).isTrue();
    assertThat(names()).contains("told");
  }

  @Test
  void anEventAndItsStateRollBackTogether() {
    assertThatThrownBy(() ->
            tx.runAndAwait(
                "a",
                session ->
                    session
                        .persist(new RowA("untold", 1))
                        .chain(() -> publish("rollback", "untold-event"))
                        .onItem()
                        .failWith(() -> new IllegalStateException("no"))))
        .hasMessageContaining("no");
    assertThat(names()).doesNotContain("untold");
    assertThat(waitingEvents("a")).doesNotContain("untold-event");
    assertThat(recorder.committed).doesNotContain("untold-event");
  }

  @Test
  void aTopicThatIsNotDeclaredIsRefused() {
    assertThatThrownBy(() ->
            tx.runAndAwait(
                "a", session -> outbox.publish("peer.v1", "k", StringValue.of("undeclared"))))
        .hasMessageContaining("does not say that it publishes peer.v1");
  }

  @Test
  void aKeyKeepsItsOrderAndAFailureBlocksOnlyItsKey() throws Exception {
    recorder.failing.add("slow-0");
    tx.runAndAwait(
        "a",
        session ->
            publish("slow", "slow-0")
                .chain(() -> publish("slow", "slow-1"))
                .chain(() -> publish("quick", "quick-0"))
                .chain(() -> publish("quick", "quick-1")));
    List<String> seen = new ArrayList<>();
    while (!seen.contains("quick-1")) {
      seen.add(take());
    }
    assertThat(seen).containsSubsequence("quick-0", "quick-1").doesNotContain("slow-0", "slow-1");
    recorder.failing.remove("slow-0");
    while (!seen.contains("slow-1")) {
      seen.add(take());
    }
    assertThat(seen).containsSubsequence("slow-0", "slow-1");
    assertThat(seen.stream().filter(text -> text.startsWith("slow"))).hasSize(2);
  }

  @Test
  void anEventCountsOnceThoughTheDispatcherStopsBetweenDeliveryAndDeletion() throws Exception {
    InProcessTransport delivery = new InProcessTransport(processing, List.of(recorder));
    AtomicBoolean first = new AtomicBoolean(true);
    List<String> deliveries = new ArrayList<>();
    EventTransport stopsOnce =
        new EventTransport() {
          @Override
          public void check(Set<String> published) {}

          @Override
          public Delivery deliver(String unit, List<Event> events, BooleanSupplier goOn) {
            Delivery done = delivery.deliver(unit, events, goOn);
            events.forEach(event -> deliveries.add(event.key()));
            return first.getAndSet(false)
                ? new Delivery.Unavailable(new IllegalStateException("stopped before the deletion"))
                : done;
          }
        };
    // The application dispatches for unit a alone, so that this outbox is ours.
    Lease lease = leases.keep("b", "outbox", new Nothing());
    UnitDispatcher dispatcher =
        new UnitDispatcher("b", tx, lease::tenure, stopsOnce, InstantSource.system());
    tx.runAndAwait("b", session -> insert("twice", "twice-event"));
    while (waitingEvents("b").contains("twice-event")) {
      dispatcher.pass();
    }
    assertThat(deliveries).containsSubsequence("twice", "twice");
    assertThat(rowsOfB("twice-event")).isEqualTo(1);
  }

  @Test
  void aTopicThatNobodyHearsStopsTheStart() {
    assertThatThrownBy(() ->
            new InProcessTransport(processing, List.of(recorder))
                .check(Set.of("job.v1", "chain.v1")))
        .hasMessageContaining("nobody in this process hears [chain.v1]");
  }

  @Test
  void aDispatcherThatWasSucceededDeletesNothing() throws Exception {
    Lease lease = leases.keep("b", "outbox", new Nothing());
    Tenure held = awaited(lease);
    Tenure past = new Tenure("b", "outbox", held.holder(), held.fence() - 1);
    EventTransport delivery = new InProcessTransport(processing, List.of(recorder));
    UnitDispatcher late =
        new UnitDispatcher("b", tx, () -> Optional.of(past), delivery, InstantSource.system());
    UnitDispatcher never =
        new UnitDispatcher("b", tx, Optional::empty, delivery, InstantSource.system());
    tx.runAndAwait("b", session -> insert("fenced", "fenced-event"));
    never.pass();
    assertThat(rowsOfB("fenced-event")).isZero();
    late.pass();
    assertThat(rowsOfB("fenced-event")).isEqualTo(1);
    assertThat(waitingEvents("b")).contains("fenced-event");
    UnitDispatcher now =
        new UnitDispatcher("b", tx, lease::tenure, delivery, InstantSource.system());
    // A machine that stalls loses the lease, and has it again soon.
    while (waitingEvents("b").contains("fenced-event")) {
      now.pass();
    }
    assertThat(rowsOfB("fenced-event")).isEqualTo(1);
  }

  private static Tenure awaited(Lease lease) {
    while (true) {
      Optional<Tenure> tenure = lease.tenure();
      if (tenure.isPresent()) {
        return tenure.get();
      }
      Thread.onSpinWait();
    }
  }

  private record Nothing() implements LeaseListener {
    @Override
    public void gained(Tenure tenure) {}

    @Override
    public void lost(Tenure tenure) {}
  }

  private static Uni<Void> insert(String key, String text) {
    return OutboxRows.insert(
        UUID.randomUUID(),
        "job.v1",
        key,
        StringValue.getDescriptor().getFullName(),
        StringValue.of(text).toByteArray());
  }

  private Uni<Void> publish(String key, String text) {
    return outbox.publish("job.v1", key, StringValue.of(text));
  }

  private String take() throws InterruptedException {
    String text = recorder.committed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(text).isNotNull();
    return String.valueOf(text);
  }

  private boolean nextCommitted(String wanted) throws InterruptedException {
    String text;
    do {
      text = take();
    } while (!text.equals(wanted));
    return true;
  }

  private List<String> names() {
    return tx.runAndAwait(
        "a", session -> session.createQuery("select name from RowA", String.class).getResultList());
  }

  private long rowsOfB(String name) {
    return tx.runAndAwait(
        "b",
        session ->
            session
                .createQuery("select count(*) from RowB where name = :name", Long.class)
                .setParameter("name", name)
                .getSingleResult());
  }

  private List<String> waitingEvents(String unit) {
    return tx.runAndAwait(unit, session -> OutboxRows.after(0, 1000, 1 << 20)).stream()
        .map(row -> row.event().parse(StringValue.parser()).getValue())
        .toList();
  }
}
