package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * A job over unitCount units; signed by the account key of its user; its hash is the job id. Its
 * type is in docs/protocol/1-structs.md.
 */
public record JobSpec(
    Address user,
    Address home,
    Bytes32 network,
    Bytes32 moduleHash,
    long unitCount,
    Bytes32 inputsRoot,
    Fuel fuelLimitPerUnit,
    Amount maxPrice,
    Address asset,
    Instant deadline,
    long nonce)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "JobSpec(address user,address home,bytes32 network,bytes32 moduleHash,uint64 unit"
              + "Count,bytes32 inputsRoot,uint64 fuelLimitPerUnit,uint256 maxPrice,address asset,"
              + "uint64 deadline,uint64 nonce)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(user)
        .address(home)
        .bytes32(network)
        .bytes32(moduleHash)
        .uint64(unitCount)
        .bytes32(inputsRoot)
        .fuel(fuelLimitPerUnit)
        .uint256(maxPrice)
        .address(asset)
        .time(deadline)
        .uint64(nonce)
        .hash();
  }
}
