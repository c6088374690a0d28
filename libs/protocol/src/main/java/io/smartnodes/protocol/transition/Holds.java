package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.util.List;
import java.util.Optional;

/** Money of an allotment that its home promises to a job (2.5, step 4). */
final class Holds {
  /** The most slashes of an epoch, so that its execution always fits into a block. */
  static final int MOST_SLASHES = 16;

  private Holds() {}

  static void apply(Draft draft, List<SignedHold> items) {
    for (SignedHold item : items) {
      ItemId id = ItemId.of(ItemId.Kind.HOLD, item);
      Optional<String> reason = refusal(draft, item);
      if (reason.isPresent()) {
        draft.ignore(id, reason.get());
        continue;
      }
      JobSpec spec = item.spec();
      Amount amount = item.hold().amount();
      Amount allotted = draft.allotment(spec.user(), spec.asset(), spec.home()).amount();
      if (allotted.compareTo(amount) < 0) {
        uncovered(draft, item, id, allotted);
        continue;
      }
      draft.take(spec.user(), spec.asset(), spec.home(), amount);
      draft.put(
          new Job(
              item.hold().jobId(),
              spec.user(),
              spec.home(),
              spec.asset(),
              amount,
              spec.unitCount(),
              spec.deadline(),
              draft.epoch(),
              0,
              0,
              Bytes.of(new byte[(int) ((spec.unitCount() + 7) / 8)])));
      draft.acted();
    }
  }

  private static Optional<String> refusal(Draft draft, SignedHold item) {
    JobSpec spec = item.spec();
    Hold hold = item.hold();
    long age = draft.epoch() - hold.stateEpoch();
    if (draft.state().job(hold.jobId()).isPresent()) {
      return Optional.of("the job has a hold");
    }
    if (age < 1 || age > draft.parameters().holdLifetime()) {
      return Optional.of("it does not count in this epoch");
    }
    if (hold.amount().isZero() || hold.amount().compareTo(spec.maxPrice()) > 0) {
      return Optional.of("its amount is zero or above the job's highest price");
    }
    if (spec.unitCount() < 1 || spec.unitCount() > draft.parameters().maxUnitsPerJob()) {
      return Optional.of("the number of units is out of bounds");
    }
    if (!spec.deadline().isAfter(draft.asOf())) {
      return Optional.of("the deadline has passed");
    }
    if (draft.state().activeValidator(spec.home()).isEmpty()) {
      return Optional.of("the home is no active validator");
    }
    if (draft
        .state()
        .network(spec.network())
        .filter(network -> network.status() == State.ACTIVE)
        .isEmpty()) {
      return Optional.of("the network is not active");
    }
    return Optional.empty();
  }

  /**
   * Slashes the home, once for a job while its hold counts. A hold from before the home served or
   * before a drain is innocent: the money may have become free or been paid by Core since.
   */
  private static void uncovered(Draft draft, SignedHold item, ItemId id, Amount allotted) {
    Hold hold = item.hold();
    String reason = "the allotment of " + allotted + " does not cover it";
    boolean innocent =
        hold.stateEpoch() < draft.state().head().drainedAt()
            || draft
                .state()
                .activeValidator(hold.home())
                .filter(home -> home.since() <= hold.stateEpoch())
                .isEmpty();
    if (draft.parameters().holdSlash().isZero() || innocent) {
      draft.ignore(id, reason);
    } else if (draft.state().pending(hold.jobId()).isPresent()) {
      draft.ignore(id, reason + ", and its home is slashed for it already");
    } else if (draft.slashes().size() >= MOST_SLASHES) {
      draft.ignore(id, reason + ", and enough is slashed in this epoch");
    } else {
      draft.slashes().add(new Slash(hold.home(), draft.parameters().holdSlash(), id.hash()));
      draft.put(mark(draft, item));
      draft.acted();
    }
  }

  /** Remembers the slash under the job's id for as long as the hold counts, in place of units. */
  private static Pending mark(Draft draft, SignedHold item) {
    Hold hold = item.hold();
    long last = hold.stateEpoch() + draft.parameters().holdLifetime();
    return new Pending(
        hold.jobId(),
        hold.jobId(),
        hold.home(),
        last,
        0,
        item.spec().asset(),
        Amount.ZERO,
        0,
        List.of());
  }

  /** Drops the marks of holds that count no longer. */
  static void forget(Draft draft, List<Pending> pending) {
    for (Pending mark : pending) {
      if (mark.receiptHash().equals(mark.jobId()) && mark.first() <= draft.epoch()) {
        draft.remove(LeafKey.of(mark));
      }
    }
  }
}
