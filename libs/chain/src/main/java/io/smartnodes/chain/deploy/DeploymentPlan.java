package io.smartnodes.chain.deploy;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a deployment is made of.
 *
 * @param profile the terms of the chain
 * @param founders the first validators, in the order of the set
 * @param allocation who else gets SNO at genesis; founders get their stake beside it
 * @param treasury where the treasury's share of emission and fees goes
 * @param guardian who may pause; zero: only governance
 * @param seed {@code seed_0}
 */
public record DeploymentPlan(
    NetworkProfile profile,
    List<Founder> founders,
    Map<Address, Amount> allocation,
    Address treasury,
    Address guardian,
    Bytes32 seed) {
  /** Copies the collections. */
  public DeploymentPlan {
    founders = List.copyOf(founders);
    allocation = Map.copyOf(allocation);
  }

  /**
   * A validator of the first set.
   *
   * @param operator its account
   * @param nodeKey the node's public key
   * @param payout where its earnings go
   * @param stake in wei of SNO
   * @param keys where they are at hand, the stake is paid in with the deployment
   */
  public record Founder(
      Address operator, PublicKey nodeKey, Address payout, Amount stake, Optional<Keys> keys) {
    /** A founder whose keys are at hand, and who pays to itself. */
    public static Founder withKeys(NodeKey account, NodeKey node, Amount stake) {
      return new Founder(
          account.address(),
          node.publicKey(),
          account.address(),
          stake,
          Optional.of(new Keys(account, node)));
    }
  }

  /** The keys of a founder: its operator's account and its node's. */
  public record Keys(NodeKey account, NodeKey node) {}

  /** The genesis of this plan at a time. */
  public Genesis genesis(Instant time) {
    return new Genesis(
        time,
        seed,
        founders.stream()
            .map(founder ->
                new Genesis.Founder(founder.operator(), founder.nodeKey(), founder.payout()))
            .toList(),
        profile.parameters(treasury, time).values());
  }

  /** All of SNO at genesis, by account: the allocation and the stakes. */
  Map<Address, Amount> supply() {
    Map<Address, Amount> supply = new TreeMap<>(allocation);
    founders.forEach(founder -> supply.merge(founder.operator(), founder.stake(), Amount::plus));
    return supply;
  }
}
