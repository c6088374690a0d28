package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;
import java.util.List;

/**
 * Everything that an execution puts on the chain; its hash is the digest that is voted for. Its
 * type is in docs/protocol/1-structs.md.
 */
public record Update(
    long epoch,
    Bytes32 previousStateRoot,
    Bytes32 stateRoot,
    Bytes32 bodyHash,
    long inboxCount,
    Bytes32 inboxHash,
    Instant asOf,
    List<AssetTotals> totals,
    List<Address> ejections,
    List<Slash> slashes,
    Bytes32 nextSetHash)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Update(uint64 epoch,bytes32 previousStateRoot,bytes32 stateRoot,bytes32 bodyHash"
              + ",uint64 inboxCount,bytes32 inboxHash,uint64 asOf,AssetTotals[] totals,address[] "
              + "ejections,Slash[] slashes,bytes32 nextSetHash)AssetTotals(address asset,uint256 "
              + "balances,uint256 payouts,uint256 heldBack,uint256 burnt,uint256 minted)Slash(add"
              + "ress operator,uint256 amount,bytes32 evidenceId)");

  /** Copies the lists. */
  public Update {
    totals = List.copyOf(totals);
    ejections = List.copyOf(ejections);
    slashes = List.copyOf(slashes);
  }

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .uint64(epoch)
        .bytes32(previousStateRoot)
        .bytes32(stateRoot)
        .bytes32(bodyHash)
        .uint64(inboxCount)
        .bytes32(inboxHash)
        .time(asOf)
        .structs(totals)
        .addresses(ejections)
        .structs(slashes)
        .bytes32(nextSetHash)
        .hash();
  }
}
