package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whom a node knows, as an immutable value (rule 3.3.2). Only peers that answered a call of ours go
 * in; what a change asks for is part of its outcome.
 */
public final class RoutingTable {
  private final PeerId self;
  private final Map<Integer, KBucket> buckets;

  private RoutingTable(PeerId self, Map<Integer, KBucket> buckets) {
    this.self = self;
    this.buckets = buckets;
  }

  /** The table of a node that knows nobody. */
  public static RoutingTable empty(PeerId self) {
    return new RoutingTable(self, Map.of());
  }

  /** The outcome of a change. */
  public sealed interface Change {
    /** The table afterwards. */
    RoutingTable table();

    /** The peer was not in the table and now is. */
    record Added(RoutingTable table, PeerId peer) implements Change {}

    /** The peer was in the table and is the most recently seen of its bucket. */
    record Refreshed(RoutingTable table, PeerId peer) implements Change {}

    /**
     * The bucket is full and the peer waits: ping the least recently seen, then report {@link
     * RoutingTable#heard} or {@link RoutingTable#failed} for it.
     */
    record Waiting(RoutingTable table, PeerId peer, PeerId leastRecentlySeen) implements Change {}

    /** The peer is out; a candidate may have taken its place. */
    record Removed(RoutingTable table, PeerId peer, Optional<PeerId> promoted) implements Change {}

    /** Nothing to do: ourselves, or a peer that is not in the table. */
    record Unchanged(RoutingTable table, String reason) implements Change {}
  }

  /** A peer answered a call of ours. */
  public Change heard(PeerId peer, Instant now) {
    if (peer.equals(self)) {
      return new Change.Unchanged(this, "a node is not in its own table");
    }
    int index = Distance.bucket(self.value(), peer.value());
    return switch (bucket(index).heard(peer, now)) {
      case KBucket.Heard.Entered(KBucket bucket, boolean isNew) -> {
        RoutingTable table = with(index, bucket);
        yield isNew ? new Change.Added(table, peer) : new Change.Refreshed(table, peer);
      }
      case KBucket.Heard.Waiting(KBucket bucket, PeerId oldest) ->
          new Change.Waiting(with(index, bucket), peer, oldest);
    };
  }

  /** A peer did not answer a call of ours. */
  public Change failed(PeerId peer) {
    if (peer.equals(self)) {
      return new Change.Unchanged(this, "a node is not in its own table");
    }
    int index = Distance.bucket(self.value(), peer.value());
    KBucket bucket = bucket(index);
    if (!bucket.entries().contains(peer)) {
      return new Change.Unchanged(with(index, bucket.failed(peer)), "it is not in the table");
    }
    return new Change.Removed(with(index, bucket.failed(peer)), peer, bucket.promoted(peer));
  }

  /** The known peers closest to a target, the closest first. */
  public List<PeerId> closest(Bytes32 target, int count) {
    return peers().stream().sorted(Distance.to(target)).limit(count).toList();
  }

  /** Whether the peer is a live entry. */
  public boolean contains(PeerId peer) {
    return !peer.equals(self)
        && bucket(Distance.bucket(self.value(), peer.value())).entries().contains(peer);
  }

  /** All live entries. */
  public List<PeerId> peers() {
    return buckets.values().stream().map(KBucket::entries).flatMap(Collection::stream).toList();
  }

  /** The buckets that hold peers or candidates, by index. */
  public Map<Integer, KBucket> buckets() {
    return buckets;
  }

  /** Buckets with peers that nobody was heard of in for so long: look up an id in each. */
  public List<Integer> stale(Instant now, Duration age) {
    List<Integer> stale = new ArrayList<>();
    buckets.forEach((index, bucket) -> {
      if (!bucket.entries().isEmpty() && !bucket.touched().plus(age).isAfter(now)) {
        stale.add(index);
      }
    });
    return stale;
  }

  /** Notes that the bucket is being refreshed. */
  public RoutingTable refreshing(int index, Instant now) {
    return with(index, bucket(index).touched(now));
  }

  /**
   * An id in a bucket.
   *
   * @param random where in the bucket
   */
  public Bytes32 idIn(int index, Bytes32 random) {
    byte[] id = self.value().toArray();
    byte[] noise = random.toArray();
    int first = Distance.BITS - 1 - index;
    for (int bit = first; bit < Distance.BITS; bit++) {
      int mask = 0x80 >>> (bit % 8);
      boolean own = (id[bit / 8] & mask) != 0;
      boolean wanted = bit == first ? !own : (noise[bit / 8] & mask) != 0;
      id[bit / 8] = (byte) (wanted ? id[bit / 8] | mask : id[bit / 8] & ~mask);
    }
    return Bytes32.of(id);
  }

  private KBucket bucket(int index) {
    return buckets.getOrDefault(index, KBucket.EMPTY);
  }

  private RoutingTable with(int index, KBucket bucket) {
    Map<Integer, KBucket> changed = new TreeMap<>(buckets);
    changed.put(index, bucket);
    return new RoutingTable(self, java.util.Collections.unmodifiableMap(changed));
  }
}
