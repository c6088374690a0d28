package io.smartnodes.events.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.TestNode;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.quarkus.Tx;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class LeasesTest {
  private static final Duration MINUTES = Duration.ofMinutes(5);

  /** A machine that stalls in the middle of a test ends no lease and no round. */
  private static final LeaseTimes UNHURRIED =
      new LeaseTimes(Duration.ofHours(1), Duration.ofMinutes(50), MINUTES, MINUTES);

  @Inject Tx tx;
  @Inject Signals signals;
  @Inject MeterRegistry meters;

  /** Writes down what it hears. */
  private static final class Told implements LeaseListener {
    final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    @Override
    public void gained(Tenure tenure) {
      calls.add("gained " + tenure.name() + " " + tenure.fence());
    }

    @Override
    public void lost(Tenure tenure) {
      calls.add("lost " + tenure.name() + " " + tenure.fence());
    }

    String next() throws InterruptedException {
      return String.valueOf(calls.poll(MINUTES.toSeconds(), TimeUnit.SECONDS));
    }
  }

  /** One process; rounds come when the test says so, time too. */
  private final class Node {
    final UUID id = UUID.randomUUID();
    final AtomicLong nanos = new AtomicLong(System.nanoTime());
    final Told told = new Told();
    final UnitLeases leases;

    Node(String address) {
      this(address, UNHURRIED);
    }

    Node(String address, LeaseTimes times) {
      leases = new UnitLeases("a", id, () -> address, tx, nanos::get, times, () -> {});
    }

    Lease keep(String name) {
      return leases.keep(name, told);
    }
  }

  private Leases unhurried(String address) {
    return new Leases(tx, signals, () -> address, meters, System::nanoTime, UNHURRIED);
  }

  @Test
  void aReleasedLeaseChangesHandsAfterTheFarewell() throws Exception {
    Leases one = unhurried("one:1");
    Leases two = unhurried("two:2");
    Told first = new Told();
    Lease ofOne = one.keep("a", "handed-over", first);
    assertThat(first.next()).isEqualTo("gained handed-over 1");
    assertThat(ofOne.holderAddress()).contains("one:1");
    Told second = new Told();
    Lease ofTwo = two.keep("a", "handed-over", second);
    await(() -> ofTwo.holderAddress().equals(Optional.of("one:1")));
    assertThat(ofTwo.tenure()).isEmpty();
    one.close();
    assertThat(first.next()).isEqualTo("lost handed-over 1");
    assertThat(ofOne.tenure()).isEmpty();
    assertThat(second.next()).isEqualTo("gained handed-over 2");
    two.close();
  }

  @Test
  void aSilentHolderIsSucceededAndLearnsOfItAtItsNextCheck() throws Exception {
    Node silent = new Node("silent:1");
    Lease old = silent.keep("silent");
    silent.leases.round();
    Tenure tenure = old.tenure().orElseThrow();
    check(tenure);
    Node other = new Node("other:2");
    Lease its = other.keep("silent");
    other.leases.round();
    assertThat(its.tenure()).isEmpty();
    end("silent");
    assertThatThrownBy(() -> check(tenure)).isInstanceOf(LeaseLost.class);
    other.leases.round();
    assertThat(its.tenure().orElseThrow().fence()).isEqualTo(tenure.fence() + 1);
    silent.leases.round();
    assertThat(old.tenure()).isEmpty();
    assertThat(old.holderAddress()).contains("other:2");
    assertThat(silent.told.next()).isEqualTo("gained silent 1");
    assertThat(silent.told.next()).isEqualTo("lost silent 1");
  }

  @Test
  void aHolderStopsByItsOwnClockBeforeTheRowEnds() throws Exception {
    LeaseTimes standard = LeaseTimes.STANDARD;
    assertThat(standard.ours()).isLessThan(standard.row());
    Node paused =
        new Node("paused:1", new LeaseTimes(standard.row(), standard.ours(), MINUTES, MINUTES));
    Lease lease = paused.keep("paused");
    paused.leases.round();
    assertThat(lease.tenure()).isPresent();
    paused.nanos.addAndGet(Duration.ofMillis(4_900).toNanos());
    assertThat(lease.tenure()).isPresent();
    paused.nanos.addAndGet(Duration.ofMillis(200).toNanos());
    assertThat(lease.tenure()).isEmpty();
  }

  @Test
  void nobodyTakesOverBetweenACheckAndItsCommit() throws Exception {
    Node holder = new Node("holder:1");
    Lease lease = holder.keep("fenced");
    holder.leases.round();
    Tenure tenure = lease.tenure().orElseThrow();
    Node other = new Node("other:2");
    Lease its = other.keep("fenced");
    CompletableFuture<Void> checked = new CompletableFuture<>();
    CompletableFuture<Void> mayCommit = new CompletableFuture<>();
    CompletableFuture<Void> committed = new CompletableFuture<>();
    tx.run(
            "a",
            session ->
                Leases.check(tenure)
                    .chain(LeasesTest::mayBeIdleForLong)
                    .invoke(() -> checked.complete(null))
                    .chain(
                        () -> Uni.createFrom().completionStage(mayCommit).emitOn(onThisContext())))
        .subscribe()
        .with(committed::complete, committed::completeExceptionally);
    checked.get(MINUTES.toSeconds(), TimeUnit.SECONDS);
    // A renewal passes a check under way; the end of the row does too.
    holder.leases.round();
    assertThat(lease.tenure()).contains(tenure);
    end("fenced");
    other.leases.round();
    assertThat(its.tenure()).isEmpty();
    mayCommit.complete(null);
    committed.get(MINUTES.toSeconds(), TimeUnit.SECONDS);
    other.leases.round();
    assertThat(its.tenure()).isPresent();
    assertThatThrownBy(() -> check(tenure)).isInstanceOf(LeaseLost.class);
  }

  /** What the test does meanwhile may take longer than a check allows. */
  private static Uni<Void> mayBeIdleForLong() {
    return Tx.current()
        .session()
        .createNativeQuery(
            "select set_config('idle_in_transaction_session_timeout', '0', true)", String.class)
        .getSingleResult()
        .replaceWithVoid();
  }

  @Test
  void amongManyThatTakeOverNoOldFenceIsEverWrittenAfterANewOne() throws Exception {
    List<Node> processes =
        IntStream.range(0, 4).mapToObj(i -> new Node("host" + i + ":1")).toList();
    List<Lease> leases = processes.stream().map(node -> node.keep("raced")).toList();
    AtomicLong written = new AtomicLong();
    List<Throwable> broken = new ArrayList<>();
    List<Thread> threads =
        IntStream.range(0, processes.size())
            .mapToObj(i ->
                Thread.ofVirtual()
                    .unstarted(() -> {
                      for (int turn = 0; turn < 60; turn++) {
                        processes.get(i).leases.round();
                        leases
                            .get(i)
                            .tenure()
                            .ifPresent(tenure -> {
                              try {
                                tx.runAndAwait("a", session -> writeOnceMore(tenure));
                                written.incrementAndGet();
                              } catch (LeaseLost e) {
                                assertThat(e.tenure()).isEqualTo(tenure);
                              }
                            });
                        if (turn % 3 == i % 3) {
                          end("raced");
                        }
                      }
                    }))
            .toList();
    threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> broken.add(e)));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(broken).isEmpty();
    assertThat(written.get()).isGreaterThan(10);
  }

  private static Uni<Void> writeOnceMore(Tenure tenure) {
    return Leases.check(tenure)
        .chain(() ->
            Tx.current()
                .session()
                .createNativeQuery(
                    "select coalesce(max(value), 0) from {h-schema}row_a where name like 'raced%'",
                    Integer.class)
                .getSingleResult())
        .invoke(last -> assertThat(tenure.fence()).isGreaterThanOrEqualTo(last))
        .chain(() ->
            Tx.current()
                .session()
                .createNativeQuery(
                    "insert into {h-schema}row_a (name, value) values (:name, :fence)")
                .setParameter("name", "raced" + UUID.randomUUID())
                .setParameter("fence", (int) tenure.fence())
                .executeUpdate())
        .replaceWithVoid();
  }

  @Test
  void aListenerThatFailsGivesTheLeaseBack() throws Exception {
    Node node = new Node("unfit:1");
    CompletableFuture<Tenure> lost = new CompletableFuture<>();
    Lease lease =
        node.leases.keep(
            "unfit",
            new LeaseListener() {
              @Override
              public void gained(Tenure tenure) {
                throw new IllegalStateException("cannot load what it needs");
              }

              @Override
              public void lost(Tenure tenure) {
                lost.complete(tenure);
              }
            });
    node.leases.round();
    await(() -> {
      node.leases.round();
      return lost.isDone() && lease.holderAddress().isEmpty();
    });
    Node other = new Node("fit:1");
    Lease its = other.keep("unfit");
    await(() -> {
      node.leases.round();
      other.leases.round();
      return its.tenure().isPresent();
    });
  }

  @Test
  void shardsSpreadEvenlyOverTheInstancesThatLive() {
    Node one = new Node("one:1");
    Shards ofOne = one.leases.shards(one.told);
    one.leases.round();
    assertThat(mine(ofOne)).isEqualTo(16);
    Node two = new Node("two:2");
    Shards ofTwo = two.leases.shards(two.told);
    await(() -> {
      two.leases.round();
      one.leases.round();
      assertThat(mine(ofOne)).as("never more given than needed").isGreaterThanOrEqualTo(8);
      return mine(ofTwo) == 8;
    });
    assertThat(mine(ofOne)).isEqualTo(8);
    one.leases.round();
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      assertThat(ofOne.isMine(shard)).isNotEqualTo(ofTwo.isMine(shard));
      assertThat(ofOne.owner(shard)).contains(ofTwo.isMine(shard) ? "two:2" : "one:1");
    }
    endAllOf(two.id);
    await(() -> {
      one.leases.round();
      return mine(ofOne) == 16;
    });
    await(() -> one.told.calls.size() == 16 + 8 + 8);
    assertThat(one.told.calls).containsSubsequence("gained shard-0 1", "gained shard-15 1");
  }

  private static Executor onThisContext() {
    Context context = Vertx.currentContext();
    return work -> context.runOnContext(ignored -> work.run());
  }

  private static long mine(Shards shards) {
    return IntStream.range(0, Shards.COUNT).filter(shards::isMine).count();
  }

  private void check(Tenure tenure) {
    tx.runAndAwait("a", session -> Leases.check(tenure));
  }

  private void end(String name) {
    execute("update {h-schema}unit_lease set until = clock_timestamp() where name = :x", name);
  }

  private void endAllOf(UUID instance) {
    execute(
        "update {h-schema}unit_lease set until = clock_timestamp() where holder = cast(:x as uuid)",
        instance.toString());
    execute(
        "update {h-schema}unit_instance set until = clock_timestamp() where id = cast(:x as uuid)",
        instance.toString());
  }

  private void execute(String sql, String x) {
    tx.runAndAwait("a", s -> s.createNativeQuery(sql).setParameter("x", x).executeUpdate());
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + MINUTES.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited for %s", MINUTES).isNegative();
      Thread.onSpinWait();
    }
  }
}
