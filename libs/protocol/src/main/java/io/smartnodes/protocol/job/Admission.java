package io.smartnodes.protocol.job;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a home takes a job and promises its money (docs/protocol/4-jobs.md, 4.2). */
public final class Admission {
  /** A deadline nearer than this is refused: no lease could be worked and judged until then. */
  public static final Duration SHORTEST = Duration.ofSeconds(10);

  private static final int ACTIVE = 1;

  private Admission() {}

  /**
   * What a home knows when a job arrives.
   *
   * @param home our operator account
   * @param network the leaf of the job's network
   * @param maxUnits of a job
   * @param nonceUsed whether the user has submitted another job with this nonce
   * @param allotment the leaf of user, asset and this home
   * @param openHolds holds over that allotment that we have signed and that no state shows yet
   * @param stateEpoch the last executed epoch
   */
  public record Knowledge(
      Domain domain,
      Address home,
      Optional<Network> network,
      long maxUnits,
      boolean nonceUsed,
      Optional<Allotment> allotment,
      Amount openHolds,
      long stateEpoch) {}

  /** What becomes of a job. */
  public sealed interface Outcome {}

  /** The home holds the money: to be kept, then signed. */
  public record Held(Hold hold) implements Outcome {}

  /** The job is refused for one field of its spec. */
  public sealed interface Refused extends Outcome {
    /** The name of the field in messages. */
    String field();

    /** A sentence for people. */
    String reason();
  }

  /** Not signed by its user for this deployment. */
  public record BadSignature() implements Refused {
    @Override
    public String field() {
      return "user_signature";
    }

    @Override
    public String reason() {
      return "is not the user's signature over this job for this chain and deployment";
    }
  }

  /** Meant for another home. */
  public record WrongHome(Address ours) implements Refused {
    @Override
    public String field() {
      return "spec.home";
    }

    @Override
    public String reason() {
      return "this home is " + ours;
    }
  }

  /** The network is unknown or not active. */
  public record UnknownNetwork() implements Refused {
    @Override
    public String field() {
      return "spec.network";
    }

    @Override
    public String reason() {
      return "no active network has this id";
    }
  }

  /** A number is out of its bounds. */
  public record OutOfBounds(String field, String reason) implements Refused {}

  /** The deadline is past or too near. */
  public record TooLate(Instant earliest) implements Refused {
    @Override
    public String field() {
      return "spec.deadline";
    }

    @Override
    public String reason() {
      return "a deadline now is at " + earliest + " or later";
    }
  }

  /** The user has used the nonce for another job. */
  public record NonceUsed() implements Refused {
    @Override
    public String field() {
      return "spec.nonce";
    }

    @Override
    public String reason() {
      return "another job of this user has this nonce";
    }
  }

  /** The allotment does not cover the price. */
  public record Uncovered(Amount available) implements Refused {
    @Override
    public String field() {
      return "spec.max_price";
    }

    @Override
    public String reason() {
      return "this home can promise " + available + " of the user's allotment";
    }
  }

  /** Judges a job that is not known yet. */
  public static Outcome judge(JobSpec spec, Bytes userSignature, Knowledge known, Instant now) {
    if (!spec.home().equals(known.home())) {
      return new WrongHome(known.home());
    }
    if (spec.unitCount() < 1 || spec.unitCount() > known.maxUnits()) {
      return new OutOfBounds("spec.unit_count", "must be 1 to " + known.maxUnits());
    }
    if (spec.fuelLimitPerUnit().value() < 1) {
      return new OutOfBounds("spec.fuel_limit_per_unit", "must be at least 1");
    }
    if (spec.maxPrice().isZero()) {
      return new OutOfBounds("spec.max_price", "must be more than nothing");
    }
    if (spec.deadline().isBefore(now.plus(SHORTEST))) {
      return new TooLate(now.plus(SHORTEST));
    }
    if (!known.domain().isSignedBy(spec, userSignature, spec.user())) {
      return new BadSignature();
    }
    if (known.network().filter(network -> network.status() == ACTIVE).isEmpty()) {
      return new UnknownNetwork();
    }
    if (known.nonceUsed()) {
      return new NonceUsed();
    }
    Amount available = available(known.allotment(), known.openHolds());
    return available.compareTo(spec.maxPrice()) < 0
        ? new Uncovered(available)
        : new Held(new Hold(spec.hashStruct(), known.home(), spec.maxPrice(), known.stateEpoch()));
  }

  /** Whether the two bodies of a hold have passed, so that it may be signed for later ones. */
  public static boolean isPast(Hold hold, long stateEpoch, int holdLifetime) {
    return stateEpoch >= hold.stateEpoch() + holdLifetime;
  }

  /** What the home can promise: a release acts on what no state shows as held. */
  public static Amount available(Optional<Allotment> allotment, Amount openHolds) {
    Amount whole = allotment.map(Allotment::amount).orElse(Amount.ZERO);
    Amount bound = allotment.map(Allotment::releasing).orElse(Amount.ZERO).plus(openHolds);
    return whole.minus(bound.min(whole));
  }
}
