package io.smartnodes.wire.deployment;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.state.Genesis;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One deployment of the contracts and the state that it starts from; the same file for every node.
 *
 * @param chainId of the EVM chain
 * @param contracts all of {@link ContractName}
 * @param genesisRoot the root of the first state, as Core holds it
 * @param genesis what the first state is made of
 */
public record Deployment(
    long chainId,
    Map<ContractName, DeployedContract> contracts,
    Bytes32 genesisRoot,
    Genesis genesis) {
  /** Copies the map and checks that no contract is missing. */
  public Deployment {
    Map<ContractName, DeployedContract> copy = new EnumMap<>(ContractName.class);
    copy.putAll(contracts);
    for (ContractName name : ContractName.values()) {
      if (!copy.containsKey(name)) {
        throw new IllegalArgumentException("the deployment has no " + name.key());
      }
    }
    contracts = Collections.unmodifiableMap(copy);
  }

  /** A contract. */
  public DeployedContract contract(ContractName name) {
    DeployedContract contract = contracts.get(name);
    if (contract == null) {
      throw new IllegalStateException("the constructor checks that all are there");
    }
    return contract;
  }

  /** Where a contract stands. */
  public Address address(ContractName name) {
    return contract(name).address();
  }

  /** SmartnodesCore. */
  public Address core() {
    return address(ContractName.CORE);
  }

  /** SmartnodesMultisig. */
  public Address multisig() {
    return address(ContractName.MULTISIG);
  }

  /** SNO, the asset whose fees are burnt and which is minted. */
  public Address token() {
    return address(ContractName.TOKEN);
  }

  /** The block of the first contract: no event that matters is older. */
  public long firstBlock() {
    return contracts.values().stream().mapToLong(DeployedContract::block).min().orElse(0);
  }

  /** What signatures of this deployment are bound to. */
  public Domain domain() {
    return new Domain(chainId, core());
  }
}
