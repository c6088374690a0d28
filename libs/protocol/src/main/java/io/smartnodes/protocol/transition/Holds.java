package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.State;
import java.util.List;
import java.util.Optional;

/** Money of an allotment that its home promises to a job (2.5, step 4). */
final class Holds {
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
    Amount allotted = draft.allotment(spec.user(), spec.asset(), spec.home()).amount();
    if (allotted.compareTo(hold.amount()) < 0) {
      return Optional.of("the allotment of " + allotted + " does not cover it");
    }
    return Optional.empty();
  }
}
