package io.smartnodes.protocol.chance;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Seeds, seats and picks (docs/protocol/2-rules.md, 2.2); nothing here depends on arrival. */
public final class Picks {
  /** The purpose of witnesses. */
  public static final Bytes32 WITNESS = Keccak.text("smartnodes.witness");

  /** The purpose of juries. */
  public static final Bytes32 JURY = Keccak.text("smartnodes.jury");

  /** The purpose of the proposers' order. */
  public static final Bytes32 PROPOSER = Keccak.text("smartnodes.proposer");

  private Picks() {}

  /** The seed after an execution (2.2.1). */
  public static Bytes32 nextSeed(Bytes32 seed, Bytes32 prevrandao, long epoch) {
    return Keccak.words(seed, prevrandao, Bytes32.ofNumber(epoch));
  }

  /** The seat of an operator under the seed after its activation (2.2.2). */
  public static Bytes32 seat(Address operator, Bytes32 seed) {
    return Keccak.words(operator.toWord(), seed);
  }

  /** The {@code count} validators with the lowest hashes, ascending; all if there are fewer. */
  public static List<Address> pick(Bytes32 purpose, Bytes32 id, Collection<Seat> seats, int count) {
    return ascending(seats, seat -> Keccak.words(purpose, id, seat.seat())).stream()
        .limit(count)
        .map(Seat::operator)
        .toList();
  }

  /** The witnesses of a job under the seed of the epoch that anchored its hold (2.2.4). */
  public static List<Address> witnesses(
      Bytes32 jobId, Bytes32 anchorSeed, Collection<Seat> seats, int count) {
    return pick(WITNESS, Keccak.words(jobId, anchorSeed), seats, count);
  }

  /** The jury of a receipt under the hash of its draw block (2.2.4). */
  public static List<Address> jury(
      Bytes32 receiptHash, Bytes32 drawBlockHash, Collection<Seat> seats, int size) {
    return pick(JURY, Keccak.words(receiptHash, drawBlockHash), seats, size);
  }

  /** All operators in the order in which they propose (2.2.5). */
  public static List<Address> proposers(Bytes32 previousSeed, Collection<Address> operators) {
    return ascending(
        operators, operator -> Keccak.words(PROPOSER, previousSeed, operator.toWord()));
  }

  /** The quorum of {@code picked} validators (2.2.3): more than two thirds. */
  public static int quorum(int picked) {
    return 2 * picked / 3 + 1;
  }

  private static <T> List<T> ascending(Collection<T> items, Function<T, Bytes32> hash) {
    Map<T, Bytes32> hashes = items.stream().distinct().collect(Collectors.toMap(x -> x, hash));
    return hashes.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .toList();
  }
}
