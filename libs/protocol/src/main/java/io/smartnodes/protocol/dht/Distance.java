package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import java.util.Comparator;

/** The metric of the DHT: ids xor each other, as an unsigned number (rule 3.3.1). */
public final class Distance {
  /** Bits of an id. */
  public static final int BITS = 256;

  private Distance() {}

  /** How far two ids are apart. */
  public static Bytes32 between(Bytes32 one, Bytes32 other) {
    return one.xor(other);
  }

  /** The bucket of another id: 255 for the half of all ids that is farthest, 0 for the nearest. */
  public static int bucket(Bytes32 self, Bytes32 other) {
    Bytes32 distance = between(self, other);
    for (int bit = 0; bit < BITS; bit++) {
      if (distance.bit(bit)) {
        return BITS - 1 - bit;
      }
    }
    throw new IllegalArgumentException("an id has no bucket in its own table");
  }

  /** Orders peers by their distance to a target, the closest first. */
  public static Comparator<PeerId> to(Bytes32 target) {
    return Comparator.comparing(peer -> between(peer.value(), target));
  }

  /** Whether the first is strictly closer to the target. */
  public static boolean isCloser(PeerId first, PeerId second, Bytes32 target) {
    return to(target).compare(first, second) < 0;
  }
}
