package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.util.List;

/** An event that a contract emitted; (transactionHash, index) identifies it. */
public record ChainLog(
    Address contract,
    List<Bytes32> topics,
    Bytes data,
    long blockNumber,
    Bytes32 blockHash,
    Bytes32 transactionHash,
    long index) {
  /** Copies the list. */
  public ChainLog {
    topics = List.copyOf(topics);
  }
}
