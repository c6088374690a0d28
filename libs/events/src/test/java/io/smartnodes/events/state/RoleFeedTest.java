package io.smartnodes.events.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.types.v1.Validator;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.quarkus.RoleDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleFeedTest {
  private static final RoleCheck VALIDATOR = new RoleCheck.Member(Set.of(Role.VALIDATOR));
  private static final RoleCheck STRANGER = new RoleCheck.Stranger();
  private static final NodeKey OLD = NodeKey.of(Bytes32.ofNumber(31));
  private static final NodeKey NEW = NodeKey.of(Bytes32.ofNumber(32));

  private final RoleDirectory directory = new RoleDirectory();
  private final RoleFeed feed = new RoleFeed(directory);
  private StateSnapshot state = StateSnapshot.EMPTY;

  @Test
  void whoWaitsForAPlaceIsAValidatorAndWhoLeftIsAStranger() {
    advance(0, validator(OLD, 2));
    assertThat(roleOf(OLD)).isEqualTo(VALIDATOR);
    advance(1, validator(OLD, 1));
    assertThat(roleOf(OLD)).isEqualTo(VALIDATOR);
    advance(2, validator(OLD, 3));
    assertThat(roleOf(OLD)).isEqualTo(STRANGER);
  }

  @Test
  void afterARotationTheFormerKeyIsGoodForOneEpochMore() {
    advance(5, validator(OLD, 1));
    Validator rotated = validator(NEW, 1).toBuilder().setFormerKey(key(OLD)).build();
    advance(6, rotated);
    assertThat(List.of(roleOf(OLD), roleOf(NEW))).containsOnly(VALIDATOR);
    advance(7, rotated);
    assertThat(roleOf(OLD)).isEqualTo(VALIDATOR);
    advance(8, rotated);
    assertThat(List.of(roleOf(OLD), roleOf(NEW))).containsExactly(STRANGER, VALIDATOR);
  }

  @Test
  void aProcessThatDidNotSeeTheRotationKnowsTheNewKeyOnly() {
    advance(6, validator(NEW, 1).toBuilder().setFormerKey(key(OLD)).build());
    assertThat(List.of(roleOf(OLD), roleOf(NEW))).containsExactly(STRANGER, VALIDATOR);
  }

  private RoleCheck roleOf(NodeKey node) {
    return directory.roleOf(PeerId.of(node.publicKey()));
  }

  private void advance(long epoch, Validator validator) {
    ByteString place = ByteString.copyFrom(Bytes32.ofNumber(2).toArray());
    LeafChange change =
        LeafChange.newBuilder()
            .setType(6)
            .setKey(place)
            .setLeaf(Leaf.newBuilder().setType(6).setKey(place).setValidator(validator))
            .build();
    StateSnapshot.Head head =
        new StateSnapshot.Head(epoch, Bytes32.ZERO, Bytes32.ZERO, Instant.EPOCH);
    state = state.with(head, List.of(change));
    feed.follow(state);
  }

  private static Validator validator(NodeKey key, int status) {
    return Validator.newBuilder()
        .setOperator(ByteString.copyFrom(new byte[20]))
        .setPublicKey(key(key))
        .setStatus(status)
        .build();
  }

  private static ByteString key(NodeKey key) {
    return ByteString.copyFrom(key.publicKey().bytes().toArray());
  }
}
