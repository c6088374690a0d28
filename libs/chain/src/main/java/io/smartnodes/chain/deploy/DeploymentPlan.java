package io.smartnodes.chain.deploy;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a deployment is made of.
 *
 * @param founders the first validators, in the order of the set
 * @param allocation who else gets SNO at genesis; founders get their stake beside it
 * @param assets ERC-20s that are accepted beside SNO and the native coin
 * @param seed {@code seed_0}
 * @param parameters of the first state, for the time of genesis
 */
public record DeploymentPlan(
    List<Founder> founders,
    Map<Address, Amount> allocation,
    List<Address> assets,
    Bytes32 seed,
    Function<Instant, ProtocolParameters> parameters) {
  /** Copies the collections. */
  public DeploymentPlan {
    founders = List.copyOf(founders);
    allocation = Map.copyOf(allocation);
    assets = List.copyOf(assets);
  }

  /**
   * A validator of the first set.
   *
   * @param account the operator's key, which pays in the stake
   * @param nodeKey the node's public key
   * @param payout where its earnings go
   * @param stake in wei of SNO
   */
  public record Founder(NodeKey account, PublicKey nodeKey, Address payout, Amount stake) {}

  /** The genesis of this plan at a time. */
  Genesis genesis(Instant time) {
    return new Genesis(
        time,
        seed,
        founders.stream()
            .map(founder ->
                new Genesis.Founder(
                    founder.account().address(), founder.nodeKey(), founder.payout()))
            .toList(),
        parameters.apply(time).values());
  }

  /** All of SNO at genesis: the allocation and the stakes. */
  Map<Address, Amount> supply() {
    Map<Address, Amount> supply = new TreeMap<>(allocation);
    founders.forEach(
        founder -> supply.merge(founder.account().address(), founder.stake(), Amount::plus));
    return supply;
  }
}
