package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Leaf 6, key: the operator. status: 1 active, 2 queued, 3 left. Ordinals put the set in order:
 * founders count from 0, who joins has 256 plus the index of its inbox item. since and until are
 * the first epochs whose state has it active, and no longer; until is zero while it is active. Its
 * leaf stays when it leaves, so that what it signed can still be checked. Its type is in
 * docs/protocol/1-structs.md.
 */
public record Validator(
    Address operator,
    Bytes publicKey,
    Bytes formerKey,
    Address payout,
    Bytes32 seat,
    long ordinal,
    Instant eligibleAt,
    long since,
    long until,
    Bytes32 sampleCommitment,
    int status)
    implements Struct {
  /** The status of one that waits to become active. */
  public static final int QUEUED = 2;

  /** The status of one that serves no longer. */
  public static final int LEFT = 3;

  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Validator(address operator,bytes publicKey,bytes formerKey,address payout,bytes32"
              + " seat,uint64 ordinal,uint64 eligibleAt,uint64 since,uint64 until,bytes32 sampleC"
              + "ommitment,uint32 status)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .address(operator)
        .bytes(publicKey)
        .bytes(formerKey)
        .address(payout)
        .bytes32(seat)
        .uint64(ordinal)
        .time(eligibleAt)
        .uint64(since)
        .uint64(until)
        .bytes32(sampleCommitment)
        .uint32(status)
        .hash();
  }

  /** Whether it is of the set that votes on the epoch after this state. */
  public boolean isActive() {
    return status == State.ACTIVE;
  }

  /** Whether it was active in the state of an epoch. */
  public boolean activeAt(long epoch) {
    return since <= epoch && (until == 0 ? isActive() : epoch < until);
  }

  /**
   * Whether it may be picked under the seed of an epoch (2.2.4): active in its state, and with a
   * seat, which a seed of after its activation gives.
   */
  public boolean pickableAt(long epoch) {
    return activeAt(epoch) && (since == 0 || since < epoch);
  }

  /** Its place in draws. */
  public Seat place() {
    return new Seat(operator, seat);
  }

  /** The address of its node key, by which the set names it. */
  public Address nodeAddress() {
    return new PublicKey(publicKey).address();
  }

  /** The keys whose signatures count as its own: the current one, then the one before. */
  public List<PublicKey> keys() {
    return Stream.of(publicKey, formerKey)
        .filter(key -> key.size() > 0)
        .map(PublicKey::new)
        .toList();
  }

  /** The addresses of the keys whose signatures count as its own. */
  public Set<Address> nodeAddresses() {
    return keys().stream().map(PublicKey::address).collect(Collectors.toUnmodifiableSet());
  }
}
