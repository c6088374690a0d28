package io.smartnodes.wire.deployment;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.state.Genesis;

/**
 * One deployment of the contracts and the state that it starts from; the same file for every node.
 *
 * @param chainId of the EVM chain
 * @param core SmartnodesCore
 * @param multisig SmartnodesMultisig
 * @param token SNO, the asset whose fees are burnt and which is minted
 * @param genesisRoot the root of the first state, as Core holds it
 * @param genesis what the first state is made of
 */
public record Deployment(
    long chainId,
    Address core,
    Address multisig,
    Address token,
    Bytes32 genesisRoot,
    Genesis genesis) {
  /** What signatures of this deployment are bound to. */
  public Domain domain() {
    return new Domain(chainId, core);
  }
}
