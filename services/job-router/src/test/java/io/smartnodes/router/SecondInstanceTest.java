package io.smartnodes.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.job.v1.JobState;
import io.smartnodes.proto.job.v1.LeaseProgress;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.JobLifecycle;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Matcher;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.Refusals.Refused;
import io.smartnodes.router.config.RouterConfig;
import io.smartnodes.router.heard.HeardStore;
import io.smartnodes.router.instances.RouterShards;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Another instance of the router beside the running one: the same database, a memory of its own.
 */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestProfile(SecondInstanceTest.OwnDatabase.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecondInstanceTest {
  private static final JobSpec FIRST = World.job(1, 6, 800);

  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject RouterState state;
  @Inject Board board;
  @Inject JobDesk jobs;
  @Inject RouterStore store;
  @Inject HeardStore heard;
  @Inject Admissions admissions;
  @Inject NodeIdentity identity;
  @Inject SignerClient signer;
  @Inject RouterConfig config;
  @Inject Leases leases;
  @Inject InstanceAddress address;

  /** A process with nothing behind it. */
  public static final class OwnDatabase implements QuarkusTestProfile {}

  /** The parts of an instance that knows the state of the moment it is made, and no newer one. */
  private final class Instance {
    final RouterState state;
    final Board board;
    final JobDesk jobs;
    final Workers workers;
    final LeaseDesk desk;

    Instance(RouterStore store) {
      StateView view = new StateView(RouterState.UNIT, tx);
      view.refresh();
      state = new RouterState(view);
      ShownLeases shown = new ShownLeases(state, identity);
      board = new Board(store, heard, state, shown);
      jobs =
          new JobDesk(
              state, store, admissions, board, identity, signer, TestKeys.OPERATOR.toString());
      workers = new Workers(state, identity, board, shown, config);
      desk = new LeaseDesk(board, workers, state, jobs, new Granting(board, workers, config));
    }

    void takes(JobSpec spec) {
      Bytes32 id = spec.hashStruct();
      board.take(Shards.of(id), owner(id), Instant.now());
    }
  }

  private Tenure owner(Bytes32 id) {
    return board.tenure(id);
  }

  private void publish(String topic, String key, Message message) {
    tx.runAndAwait(RouterState.UNIT, session -> outbox.publish(topic, key, message));
  }

  private static void within(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static SubmitRequest signed(JobSpec spec) {
    return SubmitRequest.newBuilder()
        .setSpec(JobStructs.toProto(spec))
        .setUserSignature(Fields.bytes(World.DOMAIN.sign(spec, TestKeys.USER)))
        .build();
  }

  private JobLifecycle.State stored(JobSpec spec) {
    return store.find(spec.hashStruct(), Instant.now()).orElseThrow().state();
  }

  @Test
  @Order(1)
  void whatAnInstanceHasNotHeardOfItFindsInTheDatabase() {
    publish("reputation.v1", "state", World.advanced(0, World.genesis()));
    publish("chain.v1", "chain", BlockSeen.newBuilder().setNumber(100).build());
    within(() -> state.epoch() == 0 && state.head() == 100 && !heard.seeds(-1).isEmpty());
    assertThat(heard.head()).isEqualTo(100);
    assertThat(heard.seeds(-1)).containsEntry(0L, World.SEED);
    assertThat(heard.seeds(0)).isEmpty();
  }

  @Test
  @Order(2)
  void moneyThatAnotherInstanceSawAnchoredIsNotPromisedAgain() {
    Instance behind = new Instance(store);
    within(() -> board.holds(Shards.of(FIRST.hashStruct())));
    jobs.submit(signed(FIRST), Instant.now());
    JobSpec second = World.job(2, 1, 300);
    behind.takes(second);
    publish(
        "reputation.v1",
        "state",
        World.advanced(1, World.anchored(FIRST, 1), World.allotment(200)));
    within(() -> board.job(FIRST.hashStruct()).filter(LiveJob::anchored).isPresent());
    assertThat(behind.state.epoch()).isZero();
    assertThatThrownBy(() -> behind.jobs.submit(signed(second), Instant.now()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("200");
    assertThat(store.find(second.hashStruct(), Instant.now())).isEmpty();
  }

  @Test
  @Order(3)
  void aJobGoesOnWithAnInstanceThatKnewAnOlderState() {
    Instance behind = new Instance(store);
    JobSpec third = World.job(3, 2, 100);
    jobs.submit(signed(third), Instant.now());
    publish(
        "reputation.v1",
        "state",
        World.advanced(2, World.anchored(third, 2), World.allotment(100)));
    within(() -> board.job(third.hashStruct()).filter(LiveJob::anchored).isPresent());
    assertThat(behind.state.epoch()).isEqualTo(1);
    new RouterShards(leases, behind.board, behind.state, address).gained(owner(third.hashStruct()));
    behind.desk.tick(Instant.now());
    assertThat(behind.board.job(third.hashStruct()).orElseThrow().state())
        .isEqualTo(JobLifecycle.State.SUBMITTED);
    assertThat(stored(third)).isEqualTo(JobLifecycle.State.SUBMITTED);
  }

  /** Stores everything, and once does not say so. */
  private static final class Silent extends RouterStore {
    boolean silent;

    Silent(Tx tx, Outbox outbox) {
      super(tx, outbox);
    }

    @Override
    void save(JobStep step, boolean done, Tenure tenure) {
      super.save(step, done, tenure);
      if (silent) {
        silent = false;
        throw new IllegalStateException("the connection is gone");
      }
    }
  }

  @Test
  @Order(4)
  void aStepThatWasStoredWithoutAnAnswerIsReadAgain() {
    Silent silent = new Silent(tx, outbox);
    Instance other = new Instance(silent);
    JobSpec fourth = World.job(4, 1, 50);
    Bytes32 id = fourth.hashStruct();
    within(() -> board.holds(Shards.of(id)));
    other.takes(fourth);
    other.jobs.submit(signed(fourth), Instant.now());
    silent.silent = true;
    PeerId user = PeerId.of(TestKeys.USER_NODE.publicKey());
    assertThatThrownBy(() -> other.jobs.cancel(id, user, Instant.now()))
        .hasMessageContaining("connection");
    assertThatThrownBy(() -> other.jobs.cancel(id, user, Instant.now()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("read again");
    other.desk.tick(Instant.now());
    assertThat(other.jobs.cancel(id, user, Instant.now()).getState()).isEqualTo(JobState.CANCELLED);
    // Each event once, none missing.
    List<Long> sequence = new ArrayList<>();
    store.events(id, 1, 100).forEach(event -> sequence.add(event.getSequence()));
    assertThat(sequence).isSorted().doesNotHaveDuplicates().hasSize(sequence.getLast().intValue());
  }

  @Test
  @Order(5)
  void aWorkersSlotsAreSharedByAllInstances() {
    Instance other = new Instance(store);
    PeerId caller = PeerId.of(TestKeys.HONEST.publicKey());
    HeartbeatRequest idle = World.heartbeat(TestKeys.HONEST, 5, TestKeys.HONEST);
    HeartbeatRequest busy =
        idle.toBuilder()
            .addProgress(
                LeaseProgress.newBuilder()
                    .setJobId(Fields.bytes(FIRST.hashStruct()))
                    .setLease(1)
                    .setUnitsDone(0))
            .build();
    other.workers.heard(busy, caller, Instant.now());
    assertThat(freeSlots(other)).isEqualTo(1);
    other.workers.heard(idle, caller, Instant.now());
    assertThat(freeSlots(other)).isEqualTo(2);
    // Its own leases are counted where they are known better.
    other.takes(FIRST);
    other.workers.heard(busy, caller, Instant.now());
    assertThat(freeSlots(other)).isEqualTo(2);
  }

  private static int freeSlots(Instance instance) {
    Workers.Seen worker = instance.workers.of(TestKeys.HONEST.address()).orElseThrow();
    Matcher.Candidate candidate = instance.workers.candidate(worker, 0).orElseThrow();
    return candidate.freeSlots();
  }
}
