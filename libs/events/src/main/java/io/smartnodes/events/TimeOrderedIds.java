package io.smartnodes.events;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): 48 bits of time, 74 of chance. */
final class TimeOrderedIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TimeOrderedIds() {}

  static UUID next(Instant now) {
    long high = now.toEpochMilli() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
    long low = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
    return new UUID(high, low);
  }
}
