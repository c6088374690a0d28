package io.smartnodes.wire.deployment;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;

/**
 * A contract as it was created.
 *
 * @param address where it stands
 * @param block the block that created it
 * @param codeHash Keccak-256 of its code on the chain, immutable values included
 * @param arguments of its constructor, as the contract ABI encodes them
 */
public record DeployedContract(Address address, long block, Bytes32 codeHash, Bytes arguments) {}
