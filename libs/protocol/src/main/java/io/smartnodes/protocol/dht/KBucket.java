package io.smartnodes.protocol.dht;

import io.smartnodes.protocol.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One bucket of a routing table (rule 3.3.2): at most {@link #SIZE} live peers, the least recently
 * seen first, and as many candidates that wait for a place, the newest last.
 *
 * @param entries live peers
 * @param replacements candidates, none of which is an entry
 * @param touched when a peer of this bucket was last heard of or looked for
 */
public record KBucket(List<PeerId> entries, List<PeerId> replacements, Instant touched) {
  /** Kademlia's {@code k}. */
  public static final int SIZE = 20;

  /** A bucket without peers. */
  public static final KBucket EMPTY = new KBucket(List.of(), List.of(), Instant.EPOCH);

  /** Copies the lists and checks their bounds. */
  public KBucket {
    entries = List.copyOf(entries);
    replacements = List.copyOf(replacements);
    if (entries.size() > SIZE || replacements.size() > SIZE) {
      throw new IllegalArgumentException("a bucket holds at most " + SIZE + " peers");
    }
  }

  /** What became of a peer that was heard of. */
  sealed interface Heard {
    /** It is the most recently seen entry now. */
    record Entered(KBucket bucket, boolean isNew) implements Heard {}

    /** The bucket is full: it waits, and the least recently seen entry is to be pinged. */
    record Waiting(KBucket bucket, PeerId leastRecentlySeen) implements Heard {}
  }

  /** Notes that a peer answered or was dialled back. */
  Heard heard(PeerId peer, Instant now) {
    boolean known = entries.contains(peer);
    if (known || entries.size() < SIZE) {
      return new Heard.Entered(
          new KBucket(moved(entries, peer), without(replacements, peer), now), !known);
    }
    List<PeerId> waiting = moved(replacements, peer);
    if (waiting.size() > SIZE) {
      waiting = waiting.subList(1, waiting.size());
    }
    return new Heard.Waiting(new KBucket(entries, waiting, now), entries.getFirst());
  }

  /** Takes a peer out that did not answer; the newest candidate takes its place. */
  KBucket failed(PeerId peer) {
    if (!entries.contains(peer)) {
      return new KBucket(entries, without(replacements, peer), touched);
    }
    List<PeerId> live = without(entries, peer);
    Optional<PeerId> next = promoted(peer);
    if (next.isEmpty()) {
      return new KBucket(live, replacements, touched);
    }
    // It has not been pinged since it waits: it is the next to be doubted.
    live.addFirst(next.get());
    return new KBucket(live, without(replacements, next.get()), touched);
  }

  /** Who takes the place of an entry that fails. */
  Optional<PeerId> promoted(PeerId failed) {
    return entries.contains(failed) && !replacements.isEmpty()
        ? Optional.of(replacements.getLast())
        : Optional.empty();
  }

  KBucket touched(Instant now) {
    return new KBucket(entries, replacements, now);
  }

  private static List<PeerId> without(List<PeerId> peers, PeerId peer) {
    List<PeerId> rest = new ArrayList<>(peers);
    rest.remove(peer);
    return rest;
  }

  private static List<PeerId> moved(List<PeerId> peers, PeerId peer) {
    List<PeerId> moved = without(peers, peer);
    moved.add(peer);
    return moved;
  }
}
