package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
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
 * @param previousSeed the seed of the state's epoch, from which those get a seat whom it activated
 * @param drain whether the epoch takes in the inbox and nothing else (2.11); its body is empty
 */
public record EpochInput(
    Body body,
    List<InboxItem> inbox,
    Instant asOf,
    Address token,
    Bytes32 previousSeed,
    boolean drain) {
  /** Copies the list. */
  public EpochInput {
    inbox = List.copyOf(inbox);
  }
}
