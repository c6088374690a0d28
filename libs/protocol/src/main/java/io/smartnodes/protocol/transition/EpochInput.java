package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.epoch.InboxItem;
import java.time.Instant;
import java.util.List;

/**
 * What one epoch adds to a state.
 *
 * @param body what happened; its epoch is the state's plus one
 * @param inbox the items after the consumed ones, without a gap
 * @param asOf the chain's time, not before the state's
 * @param token the address of SNO, the asset that is minted and whose fees are burnt
 */
public record EpochInput(Body body, List<InboxItem> inbox, Instant asOf, Address token) {
  /** Copies the list. */
  public EpochInput {
    inbox = List.copyOf(inbox);
  }
}
