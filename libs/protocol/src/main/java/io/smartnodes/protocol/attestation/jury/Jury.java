package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Who judges a receipt (2.2.4, 5.7): the first in the order of the draw of all validators that may
 * be picked for its job. Without a result for 120 s the next ones of the same order join, up to the
 * next size of 4, 7, 13, 22; it is never drawn anew.
 *
 * @param order all validators that may be picked, in the order of the draw
 * @param sizes the sizes that the jury may have, ascending, none above the number of validators
 * @param drawnAt when the draw block was confirmed, as this validator saw it
 */
public record Jury(List<Address> order, List<Integer> sizes, Instant drawnAt) {
  /** After this time without a result the jury is widened. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final List<Integer> CLASSES = List.of(4, 7, 13, 22);

  /** Copies the lists. */
  public Jury {
    order = List.copyOf(order);
    sizes = List.copyOf(sizes);
  }

  /** Draws the jury of a receipt. */
  public static Jury draw(
      Bytes32 receiptHash, Bytes32 blockHash, Collection<Seat> seats, int size, Instant drawnAt) {
    List<Address> order = Picks.jury(receiptHash, blockHash, seats, seats.size());
    return new Jury(order, sizes(size, order.size()), drawnAt);
  }

  /** The sizes of a jury that starts with {@code size} among so many validators. */
  public static List<Integer> sizes(int size, int validators) {
    List<Integer> found = new ArrayList<>();
    found.add(Math.min(size, validators));
    for (int wider : CLASSES) {
      int bounded = Math.min(wider, validators);
      if (bounded > found.getLast()) {
        found.add(bounded);
      }
    }
    return found;
  }

  /** The sizes reached by now, ascending. */
  public List<Integer> sizesAt(Instant now) {
    long steps = Math.max(0, Duration.between(drawnAt, now).dividedBy(PATIENCE));
    return sizes.subList(0, (int) Math.min(steps + 1, sizes.size()));
  }

  /** The members by now, in the order of the draw. */
  public List<Address> membersAt(Instant now) {
    return first(sizesAt(now).getLast());
  }

  /** The first so many of the draw. */
  public List<Address> first(int size) {
    return order.subList(0, size);
  }

  /** When a validator becomes a member; empty if never. */
  public Optional<Instant> joins(Address operator) {
    int place = order.indexOf(operator);
    for (int step = 0; place >= 0 && step < sizes.size(); step++) {
      if (place < sizes.get(step)) {
        return Optional.of(drawnAt.plus(PATIENCE.multipliedBy(step)));
      }
    }
    return Optional.empty();
  }

  /** When the widest jury has had its time. */
  public Instant exhaustedAt() {
    return drawnAt.plus(PATIENCE.multipliedBy(sizes.size()));
  }
}
