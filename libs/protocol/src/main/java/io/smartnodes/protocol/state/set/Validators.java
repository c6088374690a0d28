package io.smartnodes.protocol.state.set;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.state.Validator;
import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The validators of a state, whatever their status: who votes, who may be picked, whose signatures
 * count (2.2, 2.4, 2.7).
 *
 * @param all in the order of their ordinals
 */
public record Validators(List<Validator> all) {
  /** The most validators of a set. */
  public static final int MOST = 256;

  private static final int ENTRY = 40;

  /** Copies the list. */
  public Validators {
    all = List.copyOf(all);
  }

  /** The validators of these leaves, in any order. */
  public static Validators of(Collection<Validator> leaves) {
    return new Validators(
        leaves.stream().sorted(Comparator.comparingLong(Validator::ordinal)).toList());
  }

  /** The set that votes on the epoch after this state, in its order. */
  public List<Validator> active() {
    return all.stream().filter(Validator::isActive).toList();
  }

  /** Who was active in the state of an epoch: the set that voted on the epoch after it. */
  public List<Validator> activeAt(long epoch) {
    return all.stream().filter(validator -> validator.activeAt(epoch)).toList();
  }

  /** The seats from which witnesses and jury of a job are picked that this epoch anchored. */
  public List<Seat> pickableAt(long epoch) {
    return all.stream()
        .filter(validator -> validator.pickableAt(epoch))
        .map(Validator::place)
        .toList();
  }

  /** One of them, whatever its status. */
  public Optional<Validator> of(Address operator) {
    return all.stream().filter(validator -> validator.operator().equals(operator)).findAny();
  }

  /** All of them by operator. */
  public Map<Address, Validator> byOperator() {
    return all.stream()
        .collect(Collectors.toUnmodifiableMap(Validator::operator, Function.identity()));
  }

  /** The set as the chain holds it: node address and operator of each active one, in order. */
  public Bytes set() {
    List<Validator> active = active();
    ByteArrayOutputStream set = new ByteArrayOutputStream(ENTRY * active.size());
    for (Validator validator : active) {
      set.writeBytes(validator.nodeAddress().toArray());
      set.writeBytes(validator.operator().toArray());
    }
    return Bytes.of(set.toByteArray());
  }

  /** The hash of the set. */
  public Bytes32 setHash() {
    return set().keccak();
  }
}
