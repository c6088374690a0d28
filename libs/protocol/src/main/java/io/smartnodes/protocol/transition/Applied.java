package io.smartnodes.protocol.transition;

import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.util.List;
import java.util.Optional;

/**
 * What an epoch led to.
 *
 * @param next the state after it
 * @param changes the leaves that differ, in the order of type and key
 * @param effects how many items of body and inbox had an effect
 * @param ignored the items that had none, with the reason
 * @param totals of every asset, in the order of their addresses
 * @param slashes what operators lose for what the body proves, in the order of its items
 */
public record Applied(
    State next,
    List<LeafChange> changes,
    int effects,
    List<Ignored> ignored,
    List<AssetTotals> totals,
    List<Slash> slashes) {
  /** Copies the lists. */
  public Applied {
    changes = List.copyOf(changes);
    ignored = List.copyOf(ignored);
    totals = List.copyOf(totals);
    slashes = List.copyOf(slashes);
  }

  /**
   * A leaf that differs from the state before.
   *
   * @param value the new value, empty if the leaf is gone
   */
  public record LeafChange(LeafKey key, Optional<Struct> value) {}

  /** An item that could not act. */
  public record Ignored(ItemId item, String reason) {}
}
