package io.smartnodes.chain.contracts;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import java.time.Instant;

/**
 * An operator as the multisig knows it.
 *
 * @param nodeAddress the node key that it serves with, the newest that it asked for
 * @param standing where it stands
 * @param inSet whether the current set has it
 * @param since QUEUED: the earliest time in a set; EXITING: when its notice ends; UNBONDING: when
 *     it can withdraw
 * @param payout where its stake goes back to, and its earnings
 * @param stake in wei of SNO
 */
public record OperatorInfo(
    Address nodeAddress,
    Standing standing,
    boolean inSet,
    Instant since,
    Address payout,
    Amount stake) {
  /** Where an operator stands, in the order of the contract's numbers. */
  public enum Standing {
    NONE,
    FOUNDER,
    QUEUED,
    ACTIVE,
    EXITING,
    UNBONDING,
    SLASHED
  }
}
