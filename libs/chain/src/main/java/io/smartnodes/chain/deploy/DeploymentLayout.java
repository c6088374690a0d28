package io.smartnodes.chain.deploy;

import io.smartnodes.chain.abi.AbiStructs;
import io.smartnodes.chain.abi.AccessAbi;
import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.chain.abi.GovernorAbi;
import io.smartnodes.chain.abi.MultisigAbi;
import io.smartnodes.chain.abi.TimelockAbi;
import io.smartnodes.chain.abi.TokenAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.wire.deployment.ContractName;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.web3j.crypto.ContractUtils;

/**
 * Addresses and constructor arguments of all contracts, known before the first of them exists:
 * address {@code i} follows from the creator and its nonce, and each contract names the others.
 *
 * @param genesis what the first state is made of
 * @param genesisRoot its root
 */
public record DeploymentLayout(
    Genesis genesis,
    Bytes32 genesisRoot,
    Map<ContractName, Address> addresses,
    Map<ContractName, Bytes> arguments) {
  /** Copies the maps. */
  public DeploymentLayout {
    addresses = Map.copyOf(addresses);
    arguments = Map.copyOf(arguments);
  }

  /**
   * The layout of a plan.
   *
   * @param creator the account that creates the contracts
   * @param nonce of its first creation; the others follow without a gap
   * @param time of genesis
   */
  public static DeploymentLayout of(
      DeploymentPlan plan, Address creator, long nonce, Instant time) {
    Map<ContractName, Address> addresses = new EnumMap<>(ContractName.class);
    long next = nonce;
    for (ContractName name : ContractName.values()) {
      addresses.put(name, created(creator, next++));
    }
    Genesis genesis = plan.genesis(time);
    Bytes32 root = genesis.root();
    return new DeploymentLayout(
        genesis, root, addresses, new Arguments(plan, genesis, root, addresses).all());
  }

  /** The address of the contract that an account creates with a nonce. */
  static Address created(Address creator, long nonce) {
    return Address.fromHex(
        ContractUtils.generateContractAddress(creator.toString(), BigInteger.valueOf(nonce)));
  }

  /** Where a contract will stand. */
  Address address(ContractName name) {
    return addresses.getOrDefault(name, Address.ZERO);
  }

  /** What its constructor is given. */
  Bytes arguments(ContractName name) {
    return arguments.getOrDefault(name, Bytes.EMPTY);
  }

  /** A hash over all arguments, to see that a plan did not change. */
  Bytes32 hash() {
    return Keccak.words(
        Arrays.stream(ContractName.values())
            .map(name -> arguments(name).keccak())
            .toArray(Bytes32[]::new));
  }

  private record Arguments(
      DeploymentPlan plan, Genesis genesis, Bytes32 root, Map<ContractName, Address> addresses) {
    Map<ContractName, Bytes> all() {
      Map<ContractName, Bytes> all = new EnumMap<>(ContractName.class);
      all.put(ContractName.VERIFIER, Bytes.EMPTY);
      all.put(ContractName.TOKEN, token());
      all.put(ContractName.CORE, core());
      all.put(ContractName.MULTISIG, multisig());
      all.put(ContractName.TIMELOCK, timelock());
      all.put(ContractName.GOVERNOR, governor());
      all.put(
          ContractName.ACCESS,
          AccessAbi.constructor(at(ContractName.TIMELOCK), at(ContractName.CORE), plan.guardian()));
      return all;
    }

    private Address at(ContractName name) {
      return addresses.getOrDefault(name, Address.ZERO);
    }

    private Bytes token() {
      Map<Address, Amount> supply = plan.supply();
      return TokenAbi.constructor(
          at(ContractName.CORE),
          genesis.time().getEpochSecond(),
          List.copyOf(supply.keySet()),
          supply.values().stream().map(Amount::value).toList());
    }

    private Bytes core() {
      return CoreAbi.constructor(
          at(ContractName.TOKEN),
          at(ContractName.MULTISIG),
          at(ContractName.ACCESS),
          genesis.time().getEpochSecond(),
          root,
          plan.profile().assets().stream()
              .map(asset -> new AbiStructs.AssetTerms(asset.asset(), asset.rate().value()))
              .toList());
    }

    private Bytes multisig() {
      NetworkProfile.Validators terms = plan.profile().validators();
      ProtocolParameters parameters = new ProtocolParameters(genesis.parameters());
      return MultisigAbi.constructor(
          at(ContractName.CORE),
          at(ContractName.TOKEN),
          at(ContractName.ACCESS),
          at(ContractName.VERIFIER),
          plan.founders().stream().map(Arguments::founder).toList(),
          new AbiStructs.MultisigTerms(
              parameters.epochLength().toSeconds(),
              parameters.roundLength().toSeconds(),
              terms.joinPeriod().toSeconds(),
              terms.exitNotice().toSeconds(),
              terms.unbonding().toSeconds(),
              terms.minimumStake().value()),
          genesis.seed());
    }

    private static AbiStructs.Founder founder(DeploymentPlan.Founder founder) {
      byte[] key = founder.nodeKey().bytes().toArray();
      return new AbiStructs.Founder(
          founder.operator(),
          Bytes32.of(Arrays.copyOf(key, 32)),
          Bytes32.of(Arrays.copyOfRange(key, 32, 64)),
          founder.payout(),
          founder.stake().value());
    }

    private Bytes timelock() {
      return TimelockAbi.constructor(
          seconds(plan.profile().governance().timelockDelay()), at(ContractName.GOVERNOR));
    }

    private Bytes governor() {
      NetworkProfile.Governance terms = plan.profile().governance();
      return GovernorAbi.constructor(
          at(ContractName.TOKEN),
          at(ContractName.TIMELOCK),
          new AbiStructs.GovernorTerms(
              terms.votingDelay().toSeconds(),
              terms.votingPeriod().toSeconds(),
              terms.proposalThreshold().value(),
              BigInteger.valueOf(terms.quorumPercent())));
    }

    private static BigInteger seconds(Duration duration) {
      return BigInteger.valueOf(duration.toSeconds());
    }
  }
}
