package io.smartnodes.attestation;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The shards of receipts that this instance works on, and by which terms. */
@Singleton
public class HeldShards {
  private final Map<Integer, Tenure> shards = new ConcurrentHashMap<>();

  /** Whether this instance works on a receipt. */
  boolean has(Bytes32 receiptHash) {
    return tenure(receiptHash).isPresent();
  }

  /** The term within which this instance works on a receipt; transactions check it. */
  Optional<Tenure> tenure(Bytes32 receiptHash) {
    return Optional.ofNullable(shards.get(Shards.of(receiptHash)));
  }

  void add(Tenure tenure) {
    shards.put(Shards.of(tenure), tenure);
  }

  void remove(Tenure tenure) {
    shards.remove(Shards.of(tenure), tenure);
  }
}
