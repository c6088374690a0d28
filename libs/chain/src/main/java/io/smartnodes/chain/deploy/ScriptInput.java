package io.smartnodes.chain.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A plan as contracts/script/Deploy.s.sol takes it: everything but the addresses of the contracts,
 * which the script finds by itself. Numbers are decimal text.
 */
public final class ScriptInput {
  private ScriptInput() {}

  /** The input for a plan, with genesis at a time. */
  public static String of(DeploymentPlan plan, Instant time) {
    Genesis genesis = plan.genesis(time);
    ProtocolParameters parameters = new ProtocolParameters(genesis.parameters());
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("chainId", plan.profile().chainId());
    root.put("genesis", Long.toString(time.getEpochSecond()));
    root.put("genesisRoot", genesis.root().toString());
    root.put("seed", plan.seed().toString());
    root.put("guardian", plan.guardian().toString());
    Map<Address, Amount> supply = plan.supply();
    list(root, "holders", List.copyOf(supply.keySet()), Address::toString);
    list(root, "amounts", List.copyOf(supply.values()), Amount::toString);
    List<NetworkProfile.Asset> assets = plan.profile().assets();
    list(root, "assets", assets, asset -> asset.asset().toString());
    list(root, "rates", assets, asset -> asset.rate().toString());
    List<DeploymentPlan.Founder> founders = plan.founders();
    list(root, "operators", founders, founder -> founder.operator().toString());
    list(root, "payouts", founders, founder -> founder.payout().toString());
    list(root, "nodeKeysX", founders, founder -> half(founder, 0));
    list(root, "nodeKeysY", founders, founder -> half(founder, 32));
    list(root, "stakes", founders, founder -> founder.stake().toString());
    NetworkProfile.Validators validators = plan.profile().validators();
    seconds(root, "epochLength", parameters.epochLength());
    seconds(root, "roundLength", parameters.roundLength());
    seconds(root, "joinPeriod", validators.joinPeriod());
    seconds(root, "exitNotice", validators.exitNotice());
    seconds(root, "unbonding", validators.unbonding());
    root.put("minimumStake", validators.minimumStake().toString());
    NetworkProfile.Governance governance = plan.profile().governance();
    seconds(root, "timelockDelay", governance.timelockDelay());
    seconds(root, "votingDelay", governance.votingDelay());
    seconds(root, "votingPeriod", governance.votingPeriod());
    root.put("proposalThreshold", governance.proposalThreshold().toString());
    root.put("quorumPercent", Integer.toString(governance.quorumPercent()));
    return root.toPrettyString();
  }

  private static <T> void list(
      ObjectNode root, String name, List<T> values, Function<T, String> text) {
    var array = root.putArray(name);
    values.forEach(value -> array.add(text.apply(value)));
  }

  private static void seconds(ObjectNode root, String name, Duration value) {
    root.put(name, Long.toString(value.toSeconds()));
  }

  private static String half(DeploymentPlan.Founder founder, int from) {
    byte[] key = founder.nodeKey().bytes().toArray();
    return Bytes32.of(Arrays.copyOfRange(key, from, from + 32)).toString();
  }
}
