package io.smartnodes.events.state;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.protocol.state.tree.LeafType;
import io.smartnodes.wire.StateStructs;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state after one executed epoch; never changes.
 *
 * @param head where it stands, empty before the genesis state has arrived
 * @param byType leaves by type, then by key
 */
public record StateSnapshot(Optional<Head> head, Map<Integer, Map<Bytes32, Leaf>> byType) {
  static final StateSnapshot EMPTY = new StateSnapshot(Optional.empty(), Map.of());

  /**
   * Where the state stands.
   *
   * @param epoch last executed one, 0 after genesis
   * @param stateRoot on the chain
   * @param seed of that epoch
   * @param asOf chain time
   */
  public record Head(long epoch, Bytes32 stateRoot, Bytes32 seed, Instant asOf) {}

  /** One leaf. */
  public Optional<Leaf> leaf(int type, Bytes32 key) {
    return Optional.ofNullable(leaves(type).get(key));
  }

  /** All leaves of a type. */
  public Map<Bytes32, Leaf> leaves(int type) {
    return byType.getOrDefault(type, Map.of());
  }

  /** All validators, also queued ones and those that left. */
  public Validators validators() {
    return Validators.of(
        leaves(LeafType.VALIDATOR.code()).values().stream()
            .map(leaf -> StateStructs.fromProto(leaf.getValidator(), "validator"))
            .toList());
  }

  /** The last executed epoch, −1 before the genesis state has arrived. */
  public long epoch() {
    return head.map(Head::epoch).orElse(-1L);
  }

  /** The next snapshot; only the maps of touched types are copied. */
  StateSnapshot with(Head next, List<LeafChange> changes) {
    Map<Integer, Map<Bytes32, Leaf>> copy = new HashMap<>(byType);
    Map<Integer, Map<Bytes32, Leaf>> touched = new HashMap<>();
    for (LeafChange change : changes) {
      Map<Bytes32, Leaf> leaves =
          touched.computeIfAbsent(change.getType(), type -> new HashMap<>(leaves(type)));
      Bytes32 key = Bytes32.of(change.getKey().toByteArray());
      if (change.getDeleted()) {
        leaves.remove(key);
      } else {
        leaves.put(key, change.getLeaf());
      }
    }
    touched.forEach((type, leaves) -> copy.put(type, Map.copyOf(leaves)));
    return new StateSnapshot(Optional.of(next), Map.copyOf(copy));
  }
}
