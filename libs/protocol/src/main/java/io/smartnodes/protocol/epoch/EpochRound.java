package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One epoch from its close to its execution, as one validator goes through it: a pure state machine
 * over chain time. Round 0 compares the proposals of several validators; from round 1 on one
 * validator proposes, in turn, and brings again what most voted for; only an execution ends it.
 */
public final class EpochRound {
  private RoundState state;
  private final Instant now;
  private final int round;
  private final List<RoundEffect> effects = new ArrayList<>();

  private EpochRound(RoundState state, Instant now) {
    this.state = state;
    this.now = now;
    this.round = state.setup().schedule().round(now);
  }

  /** The new state, to be kept before the effects are performed in order. */
  public record Step(RoundState state, List<RoundEffect> effects) {
    /** Copies the list. */
    public Step {
      effects = List.copyOf(effects);
    }
  }

  /**
   * Takes one input.
   *
   * @param now chain time: the time of the newest block
   */
  public static Step step(RoundState state, RoundInput input, Instant now) {
    EpochRound machine = new EpochRound(state, now);
    machine.take(input);
    // What could not be built is tried again at the next tick, not at once.
    if (machine.state.executed().isEmpty() && !(input instanceof RoundInput.NotBuilt)) {
      machine.goOn();
    }
    return new Step(machine.state, machine.effects);
  }

  private void take(RoundInput input) {
    switch (input) {
      case RoundInput.Tick tick -> retry();
      case RoundInput.Built built -> built(built);
      case RoundInput.NotBuilt failed -> state = state.withProposed(failed.round(), false);
      case RoundInput.Announced announced -> announced(announced);
      case RoundInput.Fetched fetched ->
          known(fetched.digest()).ifPresent(candidate -> check(candidate));
      case RoundInput.NotFetched missing -> mark(missing.digest(), Candidate.Status.MISSING);
      case RoundInput.Checked checked ->
          known(checked.digest())
              .ifPresent(candidate ->
                  state = state.with(candidate.validIn(round, checked.effectiveItems())));
      case RoundInput.Refused refused -> mark(refused.digest(), Candidate.Status.REFUSED);
      case RoundInput.Undecided open -> mark(open.digest(), Candidate.Status.UNDECIDED);
      case RoundInput.Voted voted -> voted(voted);
      case RoundInput.Executed executed -> state = state.withExecuted(executed.digest());
    }
  }

  private Optional<Candidate> known(Bytes32 digest) {
    return Optional.ofNullable(state.candidates().get(digest));
  }

  private void mark(Bytes32 digest, Candidate.Status status) {
    known(digest)
        .filter(candidate -> !candidate.isValid())
        .ifPresent(candidate -> state = state.with(candidate.with(status)));
  }

  private void check(Candidate candidate) {
    if (candidate.status() != Candidate.Status.VALID
        && candidate.status() != Candidate.Status.REFUSED) {
      state = state.with(candidate.checking(round));
      effects.add(new RoundEffect.Check(candidate.digest()));
    }
  }

  private void built(RoundInput.Built built) {
    Address self = state.setup().self();
    Candidate candidate =
        known(built.digest())
            .orElseGet(() -> fresh(built.digest()))
            .validIn(round, built.effectiveItems());
    if (built.round() != round) {
      // Too late for its round: kept, so that a later round may bring it.
      state = state.with(candidate);
      return;
    }
    state = state.with(candidate.announced(round, self));
    effects.add(new RoundEffect.Announce(round, built.digest()));
  }

  private void announced(RoundInput.Announced said) {
    boolean inTurn =
        state.setup().proposes(said.proposer(), said.round()) && said.round() <= round + 1;
    if (!inTurn || spoke(said.proposer(), said.round())) {
      return;
    }
    Optional<Candidate> known = known(said.digest());
    Candidate candidate =
        known.orElseGet(() -> fresh(said.digest())).announced(said.round(), said.proposer());
    state = state.with(candidate);
    if (known.isEmpty()) {
      fetch(candidate, said.proposer());
    }
  }

  /** A proposer counts once a round, so that it cannot flood the others with proposals. */
  private boolean spoke(Address proposer, int inRound) {
    Candidate.Announcement said = new Candidate.Announcement(inRound, proposer);
    return state.candidates().values().stream()
        .anyMatch(candidate -> candidate.announcements().contains(said));
  }

  private Candidate fresh(Bytes32 digest) {
    return new Candidate(digest, Candidate.Status.FETCHING, 0, Set.of(), round, round);
  }

  private void fetch(Candidate candidate, Address from) {
    state = state.with(candidate.fetching(round));
    effects.add(new RoundEffect.Fetch(candidate.digest(), from));
  }

  private void voted(RoundInput.Voted voted) {
    if (voted.round() <= round + 1 && state.setup().proposers().contains(voted.operator())) {
      state = state.withVote(voted.operator(), voted.round(), voted.digest());
    }
  }

  /** Looks again at what could not be judged; missing bodies once a round, from someone else. */
  private void retry() {
    for (Candidate candidate : state.candidates().values()) {
      if (candidate.status() == Candidate.Status.UNDECIDED) {
        check(candidate);
      } else if (candidate.status() == Candidate.Status.MISSING && candidate.triedIn() < round) {
        List<Address> holders = holders(candidate);
        fetch(candidate, holders.get(Math.floorMod(round, holders.size())));
      }
    }
  }

  /** Who promised to serve a body: its proposers and its voters. */
  private List<Address> holders(Candidate candidate) {
    List<Address> holders = new ArrayList<>();
    candidate.announcements().forEach(said -> holders.add(said.proposer()));
    for (Map<Address, Bytes32> inRound : state.votes().values()) {
      inRound.forEach((operator, digest) -> {
        if (digest.equals(candidate.digest()) && !operator.equals(state.setup().self())) {
          holders.add(operator);
        }
      });
    }
    return holders;
  }

  private void goOn() {
    EpochSchedule schedule = state.setup().schedule();
    if (round < 0) {
      effects.add(new RoundEffect.WakeAt(schedule.start()));
      return;
    }
    reconsider();
    propose();
    vote();
    submit();
    Instant half = schedule.halfTime();
    Instant last = schedule.lastCall();
    Instant next =
        now.isBefore(half) ? half : now.isBefore(last) ? last : schedule.begin(round + 1);
    effects.add(new RoundEffect.WakeAt(next));
  }

  /**
   * Checks anew, once a round, what may be brought, voted for or submitted again. What was valid
   * when the epoch began may be refused by the chain since: after escapes Core takes drains only.
   */
  private void reconsider() {
    for (Candidate candidate : state.candidates().values()) {
      boolean counts = state.hasVotes(candidate.digest()) || candidate.isAnnouncedIn(round);
      if (round > 0 && counts && candidate.isValid() && candidate.checkedIn() < round) {
        state = state.with(candidate.checking(round));
        effects.add(new RoundEffect.Check(candidate.digest()));
      }
    }
  }

  private boolean awaitsVerdict() {
    return state.candidates().values().stream()
        .anyMatch(candidate ->
            candidate.status() == Candidate.Status.CHECKING && state.hasVotes(candidate.digest()));
  }

  private void propose() {
    if (!state.setup().proposes(state.setup().self(), round)
        || state.proposed().contains(round)
        || (round > 0 && awaitsVerdict())) {
      return;
    }
    state = state.withProposed(round, true);
    Optional<Candidate> again = round == 0 ? Optional.empty() : state.mostVoted();
    if (again.isEmpty()) {
      effects.add(new RoundEffect.BuildProposal(round));
      return;
    }
    state = state.with(again.get().announced(round, state.setup().self()));
    effects.add(new RoundEffect.Announce(round, again.get().digest()));
  }

  private void vote() {
    RoundState.Setup setup = state.setup();
    boolean mayVote = !setup.schedule().begin(round).isBefore(setup.votesFrom());
    if (!mayVote || state.own().in(setup.epoch(), round).isPresent()) {
      return;
    }
    Optional<Candidate> choice = round == 0 ? choiceOfRoundZero() : state.proposal(round);
    choice.ifPresent(candidate -> {
      Vote vote = new Vote(setup.epoch(), round, candidate.digest());
      switch (state.own().maySign(vote)) {
        case VoteRecord.Decision.Permitted permitted -> {
          state = state.withOwn(permitted.next());
          state = state.withVote(setup.self(), round, candidate.digest());
          effects.add(new RoundEffect.CastVote(round, candidate.digest()));
        }
        case VoteRecord.Decision.Refused refused ->
            throw new IllegalStateException("already voted in " + refused.slot());
      }
    });
  }

  private Optional<Candidate> choiceOfRoundZero() {
    EpochSchedule schedule = state.setup().schedule();
    boolean waits =
        now.isBefore(schedule.lastCall())
            && state.candidates().values().stream().anyMatch(Candidate::isPending);
    return now.isBefore(schedule.halfTime()) || waits ? Optional.empty() : state.mostComplete();
  }

  private void submit() {
    for (Candidate candidate : state.candidates().values()) {
      Bytes32 digest = candidate.digest();
      Optional<Integer> votesOf =
          candidate.isValid() ? state.quorumRound(digest) : Optional.empty();
      if (votesOf.isEmpty()) {
        continue;
      }
      Instant due =
          Optional.ofNullable(state.submissions().get(digest))
              .orElseGet(() -> now.plus(patience(candidate, votesOf.get())));
      if (due.isAfter(now)) {
        state = state.withSubmission(digest, due);
        effects.add(new RoundEffect.WakeAt(due));
      } else {
        int all = state.setup().proposers().size();
        state = state.withSubmission(digest, now.plus(state.setup().stagger().multipliedBy(all)));
        effects.add(new RoundEffect.Submit(votesOf.get(), digest));
      }
    }
  }

  /** Its first proposer submits at once, the others one after the other, in proposers' order. */
  private Duration patience(Candidate candidate, int votesOf) {
    RoundState.Setup setup = state.setup();
    int own = setup.proposers().indexOf(setup.self());
    // Equal proposals of several validators are one: only the first of them is its proposer.
    int first =
        candidate.announcements().stream()
            .filter(said -> said.round() == votesOf)
            .mapToInt(said -> setup.proposers().indexOf(said.proposer()))
            .min()
            .orElse(-1);
    return own == first ? Duration.ZERO : setup.stagger().multipliedBy(1 + own);
  }
}
