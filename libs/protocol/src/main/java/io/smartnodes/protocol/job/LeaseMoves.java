package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.LeaseBook.Change;
import io.smartnodes.protocol.job.LeaseBook.Entry;
import io.smartnodes.protocol.job.LeaseBook.Outcomes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One step of a {@link LeaseBook}: collects the changes of its entries. */
final class LeaseMoves {
  private final LeaseBook book;
  private final SortedMap<Long, Entry> next;
  private final List<Change> changes = new ArrayList<>();

  LeaseMoves(LeaseBook book) {
    this.book = book;
    this.next = new TreeMap<>(book.entries());
  }

  Outcomes heard(LeaseBook.Input.Heard heard) {
    for (Entry entry : book.openOf(heard.worker())) {
      long number = entry.lease().number();
      long done =
          Math.min(
              entry.lease().count(),
              Math.max(entry.unitsDone(), heard.unitsDone().getOrDefault(number, 0L)));
      Instant last = heard.at().isAfter(entry.lastHeard()) ? heard.at() : entry.lastHeard();
      Entry alive = new Entry(entry.lease(), entry.state(), last, done, entry.receiptHash());
      next.put(number, alive);
      if (done > 0 && entry.state() == LeaseState.GRANTED) {
        move(alive, LeaseState.WORKING, "the worker has begun");
      }
    }
    return done();
  }

  Outcomes gaveUp(LeaseBook.Input.GaveUp gaveUp) {
    Entry entry = next.get(gaveUp.number());
    if (entry == null || !entry.lease().worker().equals(gaveUp.worker())) {
      return new Outcomes.Refused("lease", "the worker has no such lease");
    }
    if (entry.state().isOpen()) {
      move(entry, LeaseState.LAPSED, "the worker gave up: " + gaveUp.reason());
    }
    return done();
  }

  Outcomes barred(Address worker, String reason) {
    for (Entry entry : book.openOf(worker)) {
      move(entry, LeaseState.LAPSED, reason);
    }
    return done();
  }

  Outcomes acknowledged(long number, Bytes32 receiptHash) {
    return acknowledge(number, receiptHash).<Outcomes>map(x -> x).orElseGet(this::done);
  }

  /** A quorum stands for the receipt, so that no other one over its units can get a quorum. */
  private Optional<Outcomes.Refused> acknowledge(long number, Bytes32 receiptHash) {
    Entry entry = next.get(number);
    if (entry == null) {
      return refused("no such lease");
    }
    if (entry.receiptHash().equals(Optional.of(receiptHash))
        && entry.state() != LeaseState.LAPSED) {
      return Optional.empty();
    }
    if (!entry.state().isOpen() && entry.state() != LeaseState.LAPSED) {
      return refused("the lease is " + entry.state());
    }
    for (Entry other : List.copyOf(next.values())) {
      if (other.lease().number() != number && other.state().isLive() && overlap(other, entry)) {
        if (!other.state().isOpen()) {
          return refused("lease " + other.lease().number() + " has a receipt for its units");
        }
        move(other, LeaseState.VOIDED, "lease " + number + " has the receipt for its units");
      }
    }
    Entry received =
        new Entry(
            entry.lease(),
            entry.state(),
            entry.lastHeard(),
            entry.lease().count(),
            Optional.of(receiptHash));
    move(received, LeaseState.ACKNOWLEDGED, "a quorum of witnesses has acknowledged its receipt");
    return Optional.empty();
  }

  Outcomes judged(LeaseBook.Input.Judged judged) {
    Entry entry = next.get(judged.number());
    if (entry == null) {
      return new Outcomes.Refused("lease", "no such lease");
    }
    if (entry.state().isOpen() || entry.state() == LeaseState.LAPSED) {
      // The certificate came before the receipt did; it proves the acknowledgements as well.
      Optional<Outcomes.Refused> refused = acknowledge(judged.number(), judged.receiptHash());
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    Entry known = book(judged.number());
    if (!known.receiptHash().equals(Optional.of(judged.receiptHash()))) {
      return new Outcomes.Refused("receipt", "the lease has another receipt");
    }
    judge(known, judged.outcome());
    return done();
  }

  private void judge(Entry entry, Outcome outcome) {
    boolean waiting = entry.state() == LeaseState.ACKNOWLEDGED;
    switch (outcome) {
      case CONFIRMED -> {
        if (waiting || entry.state() == LeaseState.UNVERIFIED) {
          move(entry, LeaseState.CERTIFIED, "the jury confirmed its receipt");
        }
      }
      case REFUTED -> {
        if (entry.state() != LeaseState.VOIDED) {
          move(entry, LeaseState.VOIDED, "the jury refuted its receipt");
        }
      }
      case SILENT -> {
        if (waiting) {
          move(entry, LeaseState.VOIDED, "the worker did not open its receipt");
        }
      }
      case UNDELIVERED -> {
        if (waiting) {
          move(entry, LeaseState.VOIDED, "the worker did not deliver its outputs");
        }
      }
    }
  }

  Outcomes settled(Bytes bits) {
    for (Entry entry : List.copyOf(next.values())) {
      if (entry.state() == LeaseState.ACKNOWLEDGED && allSet(bits, entry.lease())) {
        move(entry, LeaseState.CERTIFIED, "its units are settled in the executed state");
      }
    }
    return done();
  }

  Outcomes tick(Instant now) {
    for (Entry entry : List.copyOf(next.values())) {
      if (!entry.state().isOpen()) {
        continue;
      }
      if (!now.isBefore(entry.lease().deadline())) {
        move(entry, LeaseState.LAPSED, "its deadline has passed");
      } else if (!now.isBefore(entry.lastHeard().plus(LeaseBook.SILENCE))) {
        move(entry, LeaseState.LAPSED, "its worker fell silent");
      }
    }
    return done();
  }

  Outcomes ended(String reason) {
    for (Entry entry : List.copyOf(next.values())) {
      if (entry.state().isOpen()) {
        move(entry, LeaseState.LAPSED, reason);
      } else if (entry.state() == LeaseState.ACKNOWLEDGED) {
        move(entry, LeaseState.UNVERIFIED, reason);
      }
    }
    return done();
  }

  private Entry book(long number) {
    @Nullable Entry entry = next.get(number);
    if (entry == null) {
      throw new IllegalStateException("lease " + number + " vanished within a step");
    }
    return entry;
  }

  private void move(Entry entry, LeaseState to, String reason) {
    next.put(entry.lease().number(), entry.in(to));
    changes.add(new Change(entry.lease(), entry.state(), to, reason));
  }

  private Outcomes done() {
    return new Outcomes.Stepped(book.with(next), changes);
  }

  private static Optional<Outcomes.Refused> refused(String reason) {
    return Optional.of(new Outcomes.Refused("lease", reason));
  }

  private static boolean overlap(Entry one, Entry other) {
    return UnitRange.of(one.lease()).overlaps(UnitRange.of(other.lease()));
  }

  private static boolean allSet(Bytes bits, Lease lease) {
    for (long unit = lease.first(); unit < lease.first() + lease.count(); unit++) {
      int at = (int) (unit / 8);
      if (at >= bits.size() || (bits.get(at) >> (int) (unit % 8) & 1) == 0) {
        return false;
      }
    }
    return true;
  }
}
