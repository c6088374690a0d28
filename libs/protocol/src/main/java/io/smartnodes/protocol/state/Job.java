package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.hash.StructHasher;
import java.time.Instant;

/**
 * Leaf 3, key: the job id. settled is a bit per unit (bit i % 8 of byte i / 8), set while a
 * certificate for it is pending or paid. closingAt is zero, or the epoch that frees the remainder.
 * Its type is in docs/protocol/1-structs.md.
 */
public record Job(
    Bytes32 jobId,
    Address user,
    Address home,
    Address asset,
    Amount held,
    long unitCount,
    Instant deadline,
    long anchoredAt,
    long closingAt,
    long settledCount,
    Bytes settled)
    implements Struct {
  private static final StructHasher.Type TYPE =
      StructHasher.type(
          "Job(bytes32 jobId,address user,address home,address asset,uint256 held,uint64 un"
              + "itCount,uint64 deadline,uint64 anchoredAt,uint64 closingAt,uint64 settledCount,b"
              + "ytes settled)");

  @Override
  public Bytes32 hashStruct() {
    return TYPE.hasher()
        .bytes32(jobId)
        .address(user)
        .address(home)
        .address(asset)
        .uint256(held)
        .uint64(unitCount)
        .time(deadline)
        .uint64(anchoredAt)
        .uint64(closingAt)
        .uint64(settledCount)
        .bytes(settled)
        .hash();
  }

  /** Whether the range is not empty and lies within the job. */
  public boolean contains(long from, long count) {
    return count > 0 && count <= unitCount && from <= unitCount - count;
  }

  /** Whether any unit of a range within the job is settled. */
  public boolean anySettled(long from, long count) {
    for (long unit = from; unit < from + count; unit++) {
      if ((settled.get((int) (unit / 8)) >>> (unit % 8) & 1) == 1) {
        return true;
      }
    }
    return false;
  }

  /** After money went to a certificate for units that were not settled. */
  public Job settle(long from, long count, Amount amount) {
    return with(held.minus(amount), closingAt, settledCount + count, flip(from, count));
  }

  /** After a certificate for settled units is void. */
  public Job unsettle(long from, long count, Amount amount) {
    return with(held.plus(amount), closingAt, settledCount - count, flip(from, count));
  }

  /** With another amount held. */
  public Job withHeld(Amount amount) {
    return with(amount, closingAt, settledCount, settled);
  }

  /** Closing in this epoch. */
  public Job closingAt(long epoch) {
    return with(held, epoch, settledCount, settled);
  }

  private Bytes flip(long from, long count) {
    byte[] bits = settled.toArray();
    for (long unit = from; unit < from + count; unit++) {
      bits[(int) (unit / 8)] ^= (byte) (1 << (unit % 8));
    }
    return Bytes.of(bits);
  }

  private Job with(Amount nowHeld, long closing, long count, Bytes bits) {
    return new Job(
        jobId, user, home, asset, nowHeld, unitCount, deadline, anchoredAt, closing, count, bits);
  }
}
