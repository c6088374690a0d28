package io.smartnodes.attestation.facts;

import io.smartnodes.attestation.rows.BlockRow;
import io.smartnodes.attestation.rows.SeedRow;
import io.smartnodes.crypto.Bytes32;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Block hashes and seeds in memory, from which juries and witnesses follow. */
@ApplicationScoped
public class Blocks {
  private static final int KEPT = 5_000;

  private final ConcurrentSkipListMap<Long, Seen> blocks = new ConcurrentSkipListMap<>();
  private final Map<Long, Bytes32> seeds = new ConcurrentHashMap<>();
  private final AtomicLong confirmedTo = new AtomicLong(-1);
  private final AtomicLong newestSeed = new AtomicLong(-1);
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** A block and when this validator saw it. */
  public record Seen(Bytes32 hash, Instant at) {}

  /** The block of a number, once it is at confirmation depth. */
  public Optional<Seen> confirmed(long number) {
    return number <= confirmedTo.get() ? Optional.ofNullable(blocks.get(number)) : Optional.empty();
  }

  /** The number of the newest block, −1 before the first. */
  public long newest() {
    return blocks.isEmpty() ? -1 : blocks.lastKey();
  }

  /** The number of the newest block at confirmation depth, −1 before the first. */
  long confirmedTo() {
    return confirmedTo.get();
  }

  /** The newest epoch whose seed is here, −1 before the first. */
  long newestSeed() {
    return newestSeed.get();
  }

  /** The seed of an executed epoch. */
  public Optional<Bytes32> seed(long epoch) {
    return Optional.ofNullable(seeds.get(epoch));
  }

  /** Is called after every look for new blocks, also a vain one; must not block. */
  public void onBlock(Runnable listener) {
    listeners.add(listener);
  }

  /** Takes a block that is on record. */
  public void enter(BlockRow row) {
    blocks.put(row.number, new Seen(Bytes32.fromHex(row.hash), row.seenAt));
    confirmedTo.accumulateAndGet(row.confirmedTo, Math::max);
    while (blocks.size() > KEPT) {
      blocks.pollFirstEntry();
    }
  }

  /** Takes a seed that is on record. */
  public void enter(SeedRow row) {
    seeds.put(row.epoch, Bytes32.fromHex(row.seed));
    newestSeed.accumulateAndGet(row.epoch, Math::max);
  }

  /** Tells that blocks may have come. */
  public void tell() {
    listeners.forEach(Runnable::run);
  }
}
