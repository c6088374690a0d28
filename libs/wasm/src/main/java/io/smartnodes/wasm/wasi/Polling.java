package io.smartnodes.wasm.wasi;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code poll_oneoff} without waiting: the standard streams are always ready; when there are only
 * clocks, the earliest ones fire at once and the clock stands at their time.
 */
final class Polling {
  private static final int SUBSCRIPTION = 48;
  private static final int EVENT = 32;

  /** Our own bound: the host keeps a record for each. */
  private static final int MOST = 1024;

  private static final int CLOCK = 0;
  private static final int FD_READ = 1;
  private static final int FD_WRITE = 2;

  private final DeterministicClock clock;
  private final Streams streams;

  Polling(DeterministicClock clock, Streams streams) {
    this.clock = clock;
    this.streams = streams;
  }

  private record Event(long userData, int error, int type, long bytes) {}

  private record Alarm(Event event, long at) {}

  int poll(GuestMemory memory, long subscriptions, long events, long count, long result) {
    if (count == 0 || count > MOST) {
      return Errno.INVAL;
    }
    memory.check(subscriptions, count * SUBSCRIPTION);
    memory.check(events, count * EVENT);
    List<Event> ready = new ArrayList<>();
    List<Alarm> alarms = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long at = subscriptions + i * SUBSCRIPTION;
      int type = memory.u8(at + 8);
      if (type == CLOCK && DeterministicClock.knows((int) memory.u32(at + 16))) {
        boolean absolute = (memory.u16(at + 40) & 1) != 0;
        long waking = clock.wakingAt(memory.u64(at + 24), absolute);
        alarms.add(new Alarm(new Event(memory.u64(at), Errno.SUCCESS, CLOCK, 0), waking));
      } else {
        ready.add(immediate(memory, at, type));
      }
    }
    if (ready.isEmpty()) {
      ready = earliest(alarms);
    }
    for (int i = 0; i < ready.size(); i++) {
      write(memory, events + (long) i * EVENT, ready.get(i));
    }
    memory.u32(result, ready.size());
    return Errno.SUCCESS;
  }

  private Event immediate(GuestMemory memory, long at, int type) {
    long userData = memory.u64(at);
    int fd = (int) memory.u32(at + 16);
    return switch (type) {
      case CLOCK -> new Event(userData, Errno.INVAL, type, 0);
      case FD_READ ->
          fd == Streams.STDIN && streams.isOpen(fd)
              ? new Event(userData, Errno.SUCCESS, type, streams.remainingInput())
              : new Event(userData, Errno.BADF, type, 0);
      case FD_WRITE ->
          fd != Streams.STDIN && streams.isOpen(fd)
              ? new Event(userData, Errno.SUCCESS, type, 1)
              : new Event(userData, Errno.BADF, type, 0);
      default -> new Event(userData, Errno.NOTSUP, type, 0);
    };
  }

  private List<Event> earliest(List<Alarm> alarms) {
    long first = alarms.stream().map(Alarm::at).min(Long::compareUnsigned).orElseThrow();
    clock.sleepUntil(first);
    return alarms.stream().filter(alarm -> alarm.at() == first).map(Alarm::event).toList();
  }

  private static void write(GuestMemory memory, long at, Event event) {
    memory.u64(at, event.userData());
    memory.u64(at + 8, event.error() | (long) event.type() << 16);
    memory.u64(at + 16, event.bytes());
    memory.u64(at + 24, 0);
  }
}
