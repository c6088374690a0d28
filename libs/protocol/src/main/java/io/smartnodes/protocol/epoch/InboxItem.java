package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;

/**
 * One fixed-width item that Core queued. kind: 1 deposit, 2 release, 3 join, 4 exit, 5 rotation, 6
 * parameter, 7 escape, 8 network. Its type is in docs/protocol/1-structs.md.
 */
public record InboxItem(
    long index,
    InboxKind kind,
    Address account,
    Address asset,
    Amount amount,
    Address target,
    Bytes32 data)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "InboxItem(uint64 index,uint8 kind,address account,address asset,uint256 amount,a"
              + "ddress target,bytes32 data)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .uint64(index)
        .uint8(kind.code())
        .address(account)
        .address(asset)
        .uint256(amount)
        .address(target)
        .bytes32(data)
        .hash();
  }
}
