package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Bytes32;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a key has voted for: one digest per epoch and round, for ever. The guard asks it before each
 * signature and keeps what it answers before it signs.
 *
 * @param digests by epoch and round
 */
public record VoteRecord(Map<Slot, Bytes32> digests) {
  /** Nothing signed yet. */
  public static final VoteRecord EMPTY = new VoteRecord(Map.of());

  /** Copies the map. */
  public VoteRecord {
    digests = Map.copyOf(digests);
  }

  /** A place for one vote. */
  public record Slot(long epoch, int round) implements Comparable<Slot> {
    @Override
    public int compareTo(Slot other) {
      return epoch != other.epoch
          ? Long.compare(epoch, other.epoch)
          : Integer.compare(round, other.round);
    }
  }

  /** Whether a vote may be signed. */
  public sealed interface Decision {
    /** It may, once {@code next} is kept. */
    record Permitted(VoteRecord next) implements Decision {}

    /** The key has voted for another digest there. */
    record Refused(Slot slot, Bytes32 signed) implements Decision {}
  }

  /** The digest that was signed in a round. */
  public Optional<Bytes32> in(long epoch, int round) {
    return Optional.ofNullable(digests.get(new Slot(epoch, round)));
  }

  /** Permits the first digest of an epoch and round, and the same one again. */
  public Decision maySign(Vote vote) {
    Slot slot = new Slot(vote.epoch(), vote.round());
    Bytes32 signed = digests.get(slot);
    if (signed == null) {
      Map<Slot, Bytes32> next = new TreeMap<>(digests);
      next.put(slot, vote.digest());
      return new Decision.Permitted(new VoteRecord(next));
    }
    return signed.equals(vote.digest())
        ? new Decision.Permitted(this)
        : new Decision.Refused(slot, signed);
  }
}
