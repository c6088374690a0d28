package io.smartnodes.cli.network;

import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import java.util.Map;
import java.util.stream.IntStream;

/** The founders of a local network, all of whose keys are known to everybody. */
public final class LocalPlan {
  /** What the user of the network owns at genesis. */
  public static final Amount USER_SNO = Amount.ofCoins(10_000);

  /** The usual number of founders. */
  public static final int FOUNDERS = 4;

  /** The first account of every development chain. */
  public static final NodeKey DEPLOYER = Faucet.DEPLOYER;

  private static final Amount STAKE = Amount.ofCoins(1_000);

  private LocalPlan() {}

  /** A deployment with so many founders; their stakes are paid in with it. */
  public static DeploymentPlan of(LocalKeys keys, int founders) {
    return new DeploymentPlan(
        NetworkProfile.named(NetworkProfile.LOCAL),
        IntStream.range(0, founders)
            .mapToObj(i ->
                DeploymentPlan.Founder.withKeys(keys.operator(i), keys.validatorNode(i), STAKE))
            .toList(),
        Map.of(keys.user().account().address(), USER_SNO),
        keys.treasury().address(),
        Address.ZERO,
        keys.genesisSeed());
  }
}
