package io.smartnodes.events.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.Event;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.TestNode;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.proto.types.v1.Account;
import io.smartnodes.proto.types.v1.Network;
import io.smartnodes.proto.types.v1.Validator;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.quarkus.RoleDirectory;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestNode.class)
class StateViewTest {
  private static final long PATIENCE_SECONDS = 300;
  private static final int ACCOUNT = 1;
  private static final int NETWORK = 7;
  private static final Bytes32 EVIDENCE = Bytes32.ofNumber(99);

  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject RoleDirectory roles;

  @Inject
  @Identifier("b")
  StateView view;

  private final BlockingQueue<Long> epochs = new LinkedBlockingQueue<>();

  @Test
  void aStateIsFoldedInPartsKeptOverARestartAndGivesPeersTheirRoles() throws Exception {
    view.onAdvance(advance -> epochs.add(advance.state().epoch()));
    NodeKey worker = NodeKey.of(Bytes32.ofNumber(21));
    NodeKey validator = NodeKey.of(Bytes32.ofNumber(22));
    StateAdvanced.Builder first = state(0, 0);
    IntStream.range(0, 250).forEach(i -> first.addChanges(leaf(NETWORK, i, Leaf.newBuilder())));
    publish(first.build());
    publish(
        state(0, 1)
            .setLastPart(true)
            .addChanges(leaf(NETWORK, 3, Leaf.newBuilder()).setDeleted(true).clearLeaf())
            .addChanges(account(worker, 2))
            .addChanges(validator(validator))
            .build());
    assertThat(epochs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(0);
    assertThat(view.leaves(NETWORK)).hasSize(249).doesNotContainKey(Bytes32.ofNumber(3));
    assertThat(roles.roleOf(PeerId.of(worker.publicKey())))
        .isEqualTo(new RoleCheck.Member(Set.of(Role.WORKER, Role.USER)));
    assertThat(roles.roleOf(PeerId.of(validator.publicKey())))
        .isEqualTo(new RoleCheck.Member(Set.of(Role.VALIDATOR)));

    publish(state(1, 0).setLastPart(true).addChanges(account(worker, 5)).build());
    assertThat(epochs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(roles.roleOf(PeerId.of(worker.publicKey())))
        .isEqualTo(new RoleCheck.Barred(Set.of(Role.USER), "banned", EVIDENCE));

    StateView restarted = new StateView("b", tx);
    restarted.load();
    assertThat(restarted.snapshot()).isEqualTo(view.snapshot());
    assertThat(restarted.epoch()).isEqualTo(1);
    whatOneProcessFoldsTheOthersRead(restarted);
  }

  /** The restarted view stands for another process of the same service. */
  private void whatOneProcessFoldsTheOthersRead(StateView other) throws Exception {
    BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    other.onAdvance(advance -> heard.add(advance.state().epoch()));
    publish(
        state(2, 0)
            .setLastPart(true)
            .addChanges(leaf(NETWORK, 4, Leaf.newBuilder()).setDeleted(true).clearLeaf())
            .addChanges(leaf(NETWORK, 3, Leaf.newBuilder()))
            .build());
    assertThat(epochs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
    publish(
        state(3, 0)
            .setLastPart(true)
            .addChanges(leaf(NETWORK, 3, Leaf.newBuilder()).setDeleted(true).clearLeaf())
            .addChanges(leaf(NETWORK, 5, Leaf.newBuilder().setNetwork(network())))
            .build());
    assertThat(epochs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(other.epoch()).isEqualTo(1);
    other.refresh();
    assertThat(heard).containsExactly(3L);
    assertThat(other.snapshot()).isEqualTo(view.snapshot());

    // Folded over there: here a signal says so.
    Event event =
        new Event(
            UUID.randomUUID(),
            "reputation.v1",
            "state",
            StateAdvanced.getDescriptor().getFullName(),
            state(4, 0)
                .setLastPart(true)
                .addChanges(leaf(NETWORK, 6, Leaf.newBuilder().setNetwork(network())))
                .build()
                .toByteString(),
            Instant.now());
    tx.runAndAwait("b", session -> other.on(event));
    assertThat(epochs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(4);
    assertThat(other.snapshot()).isEqualTo(view.snapshot());

    StateView anew = new StateView("b", tx);
    anew.refresh();
    assertThat(anew.snapshot()).isEqualTo(view.snapshot());
  }

  private static Network network() {
    return Network.newBuilder().setStatus(1).build();
  }

  private void publish(StateAdvanced part) {
    tx.runAndAwait("a", session -> outbox.publish("reputation.v1", "state", part));
  }

  private static StateAdvanced.Builder state(long epoch, int part) {
    return StateAdvanced.newBuilder()
        .setEpoch(epoch)
        .setPart(part)
        .setStateRoot(bytes(Bytes32.ofNumber(1000 + epoch)))
        .setSeed(bytes(Bytes32.ofNumber(2000 + epoch)))
        .setAsOf(1_800_000_000L + epoch);
  }

  private static LeafChange.Builder leaf(int type, long key, Leaf.Builder value) {
    ByteString place = bytes(Bytes32.ofNumber(key));
    return LeafChange.newBuilder()
        .setType(type)
        .setKey(place)
        .setLeaf(value.setType(type).setKey(place));
  }

  private static LeafChange account(NodeKey key, int status) {
    return leaf(
            ACCOUNT,
            1,
            Leaf.newBuilder()
                .setAccount(
                    Account.newBuilder()
                        .setPublicKey(ByteString.copyFrom(key.publicKey().bytes().toArray()))
                        .setRoles(3)
                        .setStatus(status)
                        .setEvidenceId(bytes(EVIDENCE))))
        .build();
  }

  private static LeafChange validator(NodeKey key) {
    return leaf(
            6,
            2,
            Leaf.newBuilder()
                .setValidator(
                    Validator.newBuilder()
                        .setPublicKey(ByteString.copyFrom(key.publicKey().bytes().toArray()))
                        .setStatus(1)))
        .build();
  }

  private static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.toArray());
  }
}
