package io.smartnodes.chain.follow;

import io.smartnodes.chain.Block;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Bytes32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the chain as it grows: every block once, in order and again where a reorg replaced it, and
 * the contracts' events once, when their block is at confirmation depth. A reorg below that depth
 * is no reorg that the protocol can live with: it throws. Not thread-safe; blocks.
 */
public final class ChainFollower {
  private static final int BLOCKS_PER_POLL = 500;
  private static final int REMEMBERED = 1_024;

  private final ChainClient client;
  private final SmartnodesContracts contracts;
  private final long depth;
  private final NavigableMap<Long, Block> held = new TreeMap<>();
  private final Set<EventId> seen = new LinkedHashSet<>();
  private long confirmed;

  private record EventId(Bytes32 transaction, long index) {}

  /**
   * What a poll found.
   *
   * @param blocks new or replaced, ascending
   * @param confirmedNumber blocks up to it are at confirmation depth
   * @param events of newly confirmed blocks, in the order of the chain
   */
  public record News(List<Block> blocks, long confirmedNumber, List<ChainEvent> events) {
    /** Copies the lists. */
    public News {
      blocks = List.copyOf(blocks);
      events = List.copyOf(events);
    }

    /** Whether nothing happened. */
    public boolean isEmpty() {
      return blocks.isEmpty() && events.isEmpty();
    }
  }

  /**
   * A follower that has processed everything up to a block.
   *
   * @param confirmedNumber the last block whose events were processed; they come from the next on
   * @param depth blocks on top of one that confirm it
   */
  public ChainFollower(
      ChainClient client, SmartnodesContracts contracts, long confirmedNumber, long depth) {
    this.client = client;
    this.contracts = contracts;
    this.confirmed = confirmedNumber;
    this.depth = depth;
  }

  /** Reads what is new; empty news when the head is where it was. */
  public News poll() {
    long head = client.headNumber();
    List<Block> blocks = new ArrayList<>();
    long target = Math.min(head, tip() + BLOCKS_PER_POLL);
    for (long number = firstToRead(target); number <= target; number++) {
      Optional<Block> block = client.block(number);
      if (block.isEmpty()) {
        break;
      }
      Block before = held.get(number - 1);
      if (before != null && !before.hash().equals(block.get().parentHash())) {
        // The chain changed while it was read; the next poll sees one side of it.
        break;
      }
      held.tailMap(number, true).clear();
      held.put(number, block.get());
      blocks.add(block.get());
    }
    long newlyConfirmed = tip() - depth;
    List<ChainEvent> events = newlyConfirmed > confirmed ? confirm(newlyConfirmed) : List.of();
    return new News(blocks, confirmed, events);
  }

  /** Times of the confirmed blocks that are still held, ascending. */
  public List<Instant> confirmedTimes() {
    return held.headMap(confirmed, true).values().stream().map(Block::time).toList();
  }

  /** The newest block. */
  public Optional<Block> head() {
    return held.isEmpty() ? Optional.empty() : Optional.of(held.lastEntry().getValue());
  }

  /** The newest block at confirmation depth. */
  public Optional<Block> confirmedHead() {
    return Optional.ofNullable(held.floorEntry(confirmed)).map(entry -> entry.getValue());
  }

  /** Reads older confirmed blocks, so that their times are known after a start. */
  public void recall(int count) {
    for (long number = Math.max(0, confirmed - count + 1); number <= confirmed; number++) {
      client.block(number).ifPresent(block -> held.put(block.number(), block));
    }
  }

  private long tip() {
    return held.isEmpty() ? confirmed : held.lastKey();
  }

  /** The lowest number whose held block is not the chain's any more, else the one after the tip. */
  private long firstToRead(long target) {
    long number = Math.min(tip(), target);
    while (held.containsKey(number)) {
      Block mine = held.get(number);
      boolean same =
          client.block(number).filter(block -> block.hash().equals(mine.hash())).isPresent();
      if (same) {
        return number + 1;
      }
      if (number <= confirmed) {
        throw new ChainFailure(
            "the chain replaced block " + number + ", which was at confirmation depth");
      }
      number--;
    }
    return number + 1;
  }

  private List<ChainEvent> confirm(long to) {
    List<ChainEvent> events = new ArrayList<>();
    Set<EventId> fresh = new LinkedHashSet<>();
    List<ChainLog> logs = client.logs(confirmed + 1, to, contracts.followed());
    for (ChainLog log : logs) {
      Block block = held.get(log.blockNumber());
      if (block != null && !block.hash().equals(log.blockHash())) {
        // Another chain than the one that was read: take nothing, and read again.
        return List.of();
      }
      EventId id = new EventId(log.transactionHash(), log.index());
      if (!seen.contains(id) && fresh.add(id)) {
        contracts.event(log).ifPresent(events::add);
      }
    }
    seen.addAll(fresh);
    while (seen.size() > REMEMBERED) {
      seen.remove(seen.iterator().next());
    }
    confirmed = to;
    held.headMap(confirmed - REMEMBERED, false).clear();
    return events;
  }
}
