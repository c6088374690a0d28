package io.smartnodes.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Shards;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The shards of receipts that this instance works on. */
@Singleton
public class HeldShards {
  private final Set<Integer> shards = ConcurrentHashMap.newKeySet();

  /** Whether this instance works on a receipt. */
  boolean has(Bytes32 receiptHash) {
    return shards.contains(Shards.of(receiptHash));
  }

  void add(int shard) {
    shards.add(shard);
  }

  void remove(int shard) {
    shards.remove(shard);
  }
}
