package io.smartnodes.protocol.attestation.jury;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.attestation.Sampling;
import io.smartnodes.protocol.body.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of one validator in the jury of one receipt (docs/protocol/5-attestation.md, 5.6 to
 * 5.8), from the call to the certificate. Pure: time and everything from outside are arguments,
 * what is to be done comes back as effects.
 */
public final class JurySession {
  /** After so long without any opening a member calls the worker silent (5.6.4). */
  public static final Duration SILENCE = Duration.ofSeconds(60);

  /**
   * By so much each member waits longer than the one before it to write the certificate (5.8.2).
   */
  public static final Duration STAGGER = Duration.ofMillis(400);

  private final JuryCase judged;
  private final Optional<Jury> jury;
  private final Work work;
  private final VerdictBook book;
  private final Standing standing;

  private JurySession(
      JuryCase judged, Optional<Jury> jury, Work work, VerdictBook book, Standing standing) {
    this.judged = judged;
    this.jury = jury;
    this.work = work;
    this.book = book;
    this.standing = standing;
  }

  /** The next state and what is to be done once it is on record, in this order. */
  public record Step(JurySession next, List<JuryEffect> effects) {
    /** Copies the list. */
    public Step {
      effects = List.copyOf(effects);
    }
  }

  /** A session that waits for its draw block. */
  public static JurySession called(JuryCase judged) {
    return new JurySession(
        judged, Optional.empty(), Work.drawn(List.of()), VerdictBook.EMPTY, Standing.NEW);
  }

  /** One step. */
  public Step step(JuryInput input, Instant now) {
    List<JuryEffect> effects = new ArrayList<>();
    JurySession next =
        switch (input) {
          case JuryInput.DrawBlockConfirmed drawn -> draw(drawn, now, effects);
          case JuryInput.OpeningsArrived(List<Long> units) ->
              with(work.opened(units, now, effects));
          case JuryInput.OpeningsFailed(List<Long> units, JuryEffect.Source source) ->
              with(work.unopened(units, source, others(now), now, effects));
          case JuryInput.Replayed(long unit, Replay.Result result) ->
              replayed(unit, result, now, effects);
          case JuryInput.Signed(SignedVerdict own) -> signed(own, now, effects);
          case JuryInput.NotSigned(Verdict verdict) -> unsigned(verdict, effects);
          case JuryInput.VerdictReceived(SignedVerdict verdict) -> with(book.with(verdict));
          case JuryInput.CertificateKnown(Outcome outcome) -> with(standing.certified(outcome));
          case JuryInput.Tick() -> this;
        };
    return next.settle(now, effects);
  }

  /** What follows from the state, whatever led to it. */
  private Step settle(Instant now, List<JuryEffect> effects) {
    if (jury.isEmpty()) {
      return new Step(this, effects);
    }
    JurySession next = this;
    if (isMember(now)) {
      next = next.proceed(now, effects).decide(now, effects).certify(now, effects);
      next = next.tellOverdue(now, effects);
    }
    next.wakes(now).ifPresent(time -> effects.add(new JuryEffect.WakeAt(time)));
    return new Step(next, effects);
  }

  private JurySession tellOverdue(Instant now, List<JuryEffect> effects) {
    if (standing.isOver() || standing.overdue() || now.isBefore(jury.orElseThrow().exhaustedAt())) {
      return this;
    }
    effects.add(
        new JuryEffect.Overdue("no quorum among " + jury.get().sizes().getLast() + " members"));
    return with(standing.overdueNow());
  }

  private JurySession draw(
      JuryInput.DrawBlockConfirmed drawn, Instant now, List<JuryEffect> effects) {
    if (jury.isPresent()) {
      return this;
    }
    VerdictBook known = book;
    for (SignedVerdict one : drawn.remembered()) {
      known = known.with(one);
      if (one.operator().equals(judged.self())) {
        effects.add(new JuryEffect.Broadcast(one, others(drawn.jury(), now)));
      }
    }
    List<Long> sample =
        Sampling.ofReceipt(
            new Sampling.Source(judged.secret(), judged.receiptHash(), drawn.blockHash()),
            judged.receipt().receipt(),
            drawn.sampleSize());
    return new JurySession(judged, Optional.of(drawn.jury()), Work.drawn(sample), known, standing);
  }

  /** Gets its sample, what others refute (also after a certificate, 5.6.3), and what is due. */
  private JurySession proceed(Instant now, List<JuryEffect> effects) {
    Work next = work;
    if (work.since().isEmpty() && !hasSpoken() && !standing.isOver()) {
      next = next.begin(now, effects);
    }
    if (!standing.certified().contains(Outcome.REFUTED)) {
      List<Long> refuted = book.refutedUnits().stream().filter(unit -> !hasRefuted(unit)).toList();
      next = next.look(refuted, others(now), effects);
    }
    if (!standing.isOver() || !book.refutedUnits().isEmpty()) {
      next = next.retry(now, effects);
    }
    return with(next);
  }

  private JurySession replayed(
      long unit, Replay.Result result, Instant now, List<JuryEffect> effects) {
    return switch (result) {
      case Replay.Result.Equal() -> with(work.with(List.of(unit), new Work.Unit.Equal()));
      case Replay.Result.Unavailable(String reason) ->
          with(work.with(List.of(unit), new Work.Unit.Untold(now.plus(Work.REPLAY_AGAIN))));
      case Replay.Result.Different(Refutation refutation) ->
          with(work.with(List.of(unit), new Work.Unit.Different()))
              .sign(new Verdict.Refuting(refutation), effects);
    };
  }

  private JurySession sign(Verdict verdict, List<JuryEffect> effects) {
    if (standing.signing().contains(verdict) || book.of(judged.self()).contains(verdict)) {
      return this;
    }
    effects.add(new JuryEffect.Sign(verdict));
    return with(standing.asked(verdict));
  }

  private JurySession signed(SignedVerdict own, Instant now, List<JuryEffect> effects) {
    effects.add(new JuryEffect.Broadcast(own, others(now)));
    return with(standing.answered(own.verdict())).with(book.with(own));
  }

  private JurySession unsigned(Verdict verdict, List<JuryEffect> effects) {
    if (standing.signing().contains(verdict)) {
      effects.add(new JuryEffect.Sign(verdict));
    }
    return this;
  }

  /** Confirms when the whole sample is equal; calls the worker silent when it opened too little. */
  private JurySession decide(Instant now, List<JuryEffect> effects) {
    if (hasSpoken() || standing.isOver()) {
      return this;
    }
    if (work.sampleIsEqual()) {
      return sign(new Verdict.Confirming(judged.receiptHash()), effects);
    }
    return work.isSilent(SILENCE, now)
        ? sign(new Verdict.Silence(judged.receiptHash()), effects)
        : this;
  }

  private JurySession certify(Instant now, List<JuryEffect> effects) {
    Optional<Tally.Quorum> quorum =
        Tally.quorum(judged, jury.orElseThrow(), work, book, standing.certified(), now);
    if (quorum.isEmpty()) {
      return with(standing.quorumSince(Optional.empty()));
    }
    Instant since = standing.quorumSince().orElse(now);
    if (now.isBefore(writesAt(since))) {
      return with(standing.quorumSince(Optional.of(since)));
    }
    effects.add(new JuryEffect.Certify(quorum.get().certificate(judged)));
    return with(standing.certified(quorum.get().verdict().outcome()));
  }

  private Instant writesAt(Instant quorumSince) {
    int place = jury.orElseThrow().order().indexOf(judged.self());
    return quorumSince.plus(STAGGER.multipliedBy(place));
  }

  private Optional<Instant> wakes(Instant now) {
    List<Instant> times = new ArrayList<>(work.times(SILENCE));
    standing.quorumSince().map(this::writesAt).ifPresent(times::add);
    for (int step = 1; step <= jury.orElseThrow().sizes().size(); step++) {
      times.add(jury.get().drawnAt().plus(Jury.PATIENCE.multipliedBy(step)));
    }
    return times.stream().filter(now::isBefore).min(Instant::compareTo);
  }

  /** Whether this validator belongs to the jury by now; false before the draw. */
  public boolean isMember(Instant now) {
    return jury.flatMap(drawn -> drawn.joins(judged.self()))
        .filter(at -> !now.isBefore(at))
        .isPresent();
  }

  /** What is judged. */
  public JuryCase judged() {
    return judged;
  }

  /** The jury, absent before the draw. */
  public Optional<Jury> jury() {
    return jury;
  }

  /** The verdicts known. */
  public VerdictBook book() {
    return book;
  }

  /** The outcomes of which a certificate is known. */
  public Set<Outcome> certified() {
    return standing.certified();
  }

  /** The units that this member drew. */
  public List<Long> sample() {
    return work.sample();
  }

  private boolean hasSpoken() {
    return !standing.signing().isEmpty() || !book.of(judged.self()).isEmpty();
  }

  private boolean hasRefuted(long unit) {
    return book.of(judged.self()).stream()
        .anyMatch(own -> own instanceof Verdict.Refuting(Refutation r) && r.unit() == unit);
  }

  private List<Address> others(Instant now) {
    return jury.map(drawn -> others(drawn, now)).orElse(List.of());
  }

  private List<Address> others(Jury drawn, Instant now) {
    return drawn.membersAt(now).stream().filter(member -> !member.equals(judged.self())).toList();
  }

  private JurySession with(Work next) {
    return new JurySession(judged, jury, next, book, standing);
  }

  private JurySession with(VerdictBook next) {
    return new JurySession(judged, jury, work, next, standing);
  }

  private JurySession with(Standing next) {
    return new JurySession(judged, jury, work, book, next);
  }
}
