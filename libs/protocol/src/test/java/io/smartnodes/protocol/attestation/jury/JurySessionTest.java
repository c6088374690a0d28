package io.smartnodes.protocol.attestation.jury;

import static io.smartnodes.protocol.attestation.jury.Courtroom.everybody;
import static io.smartnodes.protocol.attestation.jury.Courtroom.holds;
import static io.smartnodes.protocol.attestation.jury.Courtroom.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.jury.Courtroom.Manner;
import io.smartnodes.protocol.attestation.jury.Courtroom.WorkerManner;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JurySessionTest {
  private static final Duration SHORT = Duration.ofSeconds(20);

  private static Courtroom room(Map<Integer, Manner> manners, Set<Long> falsified) {
    return new Courtroom(4, 64, manners, new WorkerManner(falsified, everybody(4)));
  }

  @Test
  void anHonestReceiptIsConfirmedOnceByAQuorumWithOneMemberDead() {
    for (int dead = 0; dead < 4; dead++) {
      Courtroom room = room(Map.of(dead, Manner.DEAD), Set.of()).run(SHORT);
      assertThat(room.written()).hasSize(1);
      assertThat(room.written().getFirst().outcome()).isEqualTo(Outcome.CONFIRMED);
      assertThat(room.written().getFirst().verdicts()).hasSize(3);
      holds(room);
    }
  }

  @Test
  void aCheatIsRefutedByAQuorumThoughOneMemberConfirmsLazily() {
    for (int lazy = 0; lazy < 4; lazy++) {
      Courtroom room = room(Map.of(lazy, Manner.LAZY), Set.of(1L, 20L, 40L)).run(SHORT);
      assertThat(outcomes(room)).containsExactly(Outcome.REFUTED);
      holds(room);
    }
  }

  @Test
  void oneMemberThatSeesTheOneBadUnitMakesAllOthersLookAtIt() {
    Courtroom drawn = room(Map.of(), Set.of()).run(SHORT);
    List<Address> order = drawn.jury.order();
    for (long unit = 0; unit < 64; unit++) {
      long bad = unit;
      long sampling =
          order.stream().filter(member -> drawn.session(member).sample().contains(bad)).count();
      if (sampling == 1) {
        Courtroom room = room(Map.of(), Set.of(bad)).run(SHORT);
        assertThat(outcomes(room)).contains(Outcome.REFUTED);
        Certificate refuted =
            room.written().stream()
                .filter(one -> one.outcome() == Outcome.REFUTED)
                .findFirst()
                .orElseThrow();
        assertThat(refuted.refutation().unit()).isEqualTo(bad);
        assertThat(refuted.verdicts()).hasSizeGreaterThanOrEqualTo(3);
        holds(room);
        return;
      }
    }
    throw new AssertionError("no unit is in exactly one sample");
  }

  @Test
  void aCheatThatOpensTheBadUnitToOneMemberOnlyIsRefutedByRelay() {
    Courtroom plain = room(Map.of(), Set.of());
    Address first = plain.jury.order().getFirst();
    Courtroom room =
        new Courtroom(
            4,
            20,
            Map.of(),
            new WorkerManner(
                Set.of(5L), Set.of(first, plain.jury.order().get(1), plain.jury.order().get(2))));
    room.run(SHORT);
    assertThat(outcomes(room)).containsExactly(Outcome.REFUTED);
  }

  @Test
  void withTwoMembersNotReplayingACheatIsNeverConfirmed() {
    Courtroom room =
        room(Map.of(0, Manner.DEAD, 3, Manner.LAZY), Set.of(1L, 20L, 40L))
            .run(Duration.ofMinutes(4));
    assertThat(room.written()).isEmpty();
    assertThat(room.overdue).hasSize(3);
  }

  @Test
  void aMemberThatCannotReplaySaysNothing() {
    Courtroom room = room(Map.of(1, Manner.UNABLE), Set.of()).run(Duration.ofMinutes(3));
    assertThat(outcomes(room)).containsExactly(Outcome.CONFIRMED);
    Address unable = room.jury.order().get(1);
    assertThat(room.session(unable).book().of(unable)).isEmpty();
    Courtroom two =
        room(Map.of(1, Manner.UNABLE, 2, Manner.UNABLE), Set.of()).run(Duration.ofMinutes(3));
    assertThat(two.written()).isEmpty();
    assertThat(two.overdue).hasSize(4);
  }

  @Test
  void aJuryThatNeededLongerThanItsTimeStillJudges() {
    Courtroom room =
        room(Map.of(1, Manner.UNABLE, 2, Manner.UNABLE), Set.of()).run(Duration.ofMinutes(30));
    assertThat(room.written()).isEmpty();
    room.becomes(1, Manner.HONEST).run(Duration.ofMinutes(31));
    assertThat(outcomes(room)).containsExactly(Outcome.CONFIRMED);
    holds(room);
  }

  @Test
  void membersThatWereAwayForLongerThanTheJuryHadAreStillHeard() {
    Courtroom room =
        room(Map.of(0, Manner.DEAD, 3, Manner.DEAD), Set.of(1L, 20L, 40L))
            .run(Duration.ofMinutes(30));
    assertThat(room.written()).isEmpty();
    room.becomes(3, Manner.HONEST).run(Duration.ofMinutes(31));
    assertThat(outcomes(room)).containsExactly(Outcome.REFUTED);
    holds(room);
  }

  @Test
  void aSlanderedReceiptIsConfirmedByTheOthersWhoLookedForThemselves() {
    Courtroom room = room(Map.of(2, Manner.SLANDERER), Set.of()).run(SHORT);
    assertThat(outcomes(room)).containsExactly(Outcome.CONFIRMED);
    holds(room);
  }

  @Test
  void withoutAResultTheNextOfTheSameDrawJoin() {
    Courtroom room =
        new Courtroom(
            9,
            64,
            Map.of(0, Manner.DEAD, 1, Manner.DEAD),
            new WorkerManner(Set.of(), everybody(9)));
    room.run(Duration.ofSeconds(119));
    assertThat(room.written()).isEmpty();
    room.run(Duration.ofSeconds(140));
    assertThat(outcomes(room)).containsExactly(Outcome.CONFIRMED);
    assertThat(room.written().getFirst().verdicts()).hasSize(5);
    assertThat(room.jury.order().subList(0, 7))
        .containsAll(
            room.written().getFirst().verdicts().stream().map(MemberVerdict::operator).toList());
    holds(room);
  }

  @Test
  void confirmedMayBeFollowedByRefutedNeverTheReverse() {
    Courtroom room = room(Map.of(), Set.of());
    Address member = room.jury.order().getFirst();
    Verdict confirming = new Verdict.Confirming(room.receipt.receipt().hashStruct());
    Verdict refuting = new Verdict.Refuting(room.refutation(1));
    SignedVerdict confirmed =
        new SignedVerdict(member, confirming, room.sign(confirming.signed(), member));
    SignedVerdict refuted =
        new SignedVerdict(member, refuting, room.sign(refuting.signed(), member));
    assertThat(VerdictBook.EMPTY.with(confirmed).with(refuted).of(member))
        .containsExactly(confirming, refuting);
    assertThat(VerdictBook.EMPTY.with(refuted).with(confirmed).of(member))
        .containsExactly(refuting);
    Verdict silence = new Verdict.Silence(room.receipt.receipt().hashStruct());
    SignedVerdict silent = new SignedVerdict(member, silence, room.sign(silence.signed(), member));
    assertThat(VerdictBook.EMPTY.with(silent).with(confirmed).of(member)).containsExactly(silence);
  }

  @Test
  void aResumedSessionThatHasSpokenTellsItAgainAndReplaysNothing() {
    Courtroom room = room(Map.of(), Set.of());
    Address member = room.jury.order().getFirst();
    Verdict confirming = new Verdict.Confirming(room.receipt.receipt().hashStruct());
    SignedVerdict own =
        new SignedVerdict(member, confirming, room.sign(confirming.signed(), member));
    JurySession.Step step =
        room.session(member)
            .step(
                new JuryInput.DrawBlockConfirmed(room.jury, Courtroom.BLOCK, 30, List.of(own)),
                Courtroom.START.plusSeconds(30));
    assertThat(step.effects())
        .anyMatch(
            effect -> effect instanceof JuryEffect.Broadcast told && told.verdict().equals(own))
        .noneMatch(effect -> effect instanceof JuryEffect.FetchOpenings);
  }

  @Test
  void anAlteredCertificateIsRefusedWithTheFieldAtFault() {
    Courtroom room = room(Map.of(), Set.of(1L, 20L, 40L)).run(SHORT);
    Certificate good = room.written().getFirst();
    Certificate other =
        new Certificate(
            good.receipt(), good.acks(), Outcome.CONFIRMED, Verdict.NO_REFUTATION, good.verdicts());
    assertThat(CertificateCheck.certificate(other, room.jury, room.view()))
        .hasValueSatisfying(flaw -> assertThat(flaw.field()).isEqualTo("verdicts[0].signature"));
    List<MemberVerdict> twice = new ArrayList<>(good.verdicts());
    twice.set(1, twice.getFirst());
    assertThat(
            CertificateCheck.certificate(
                new Certificate(
                    good.receipt(), good.acks(), good.outcome(), good.refutation(), twice),
                room.jury,
                room.view()))
        .hasValueSatisfying(flaw -> assertThat(flaw.field()).isEqualTo("verdicts[1].operator"));
    assertThat(
            CertificateCheck.certificate(
                new Certificate(
                    good.receipt(),
                    good.acks(),
                    good.outcome(),
                    good.refutation(),
                    good.verdicts().subList(0, 2)),
                room.jury,
                room.view()))
        .hasValueSatisfying(flaw -> assertThat(flaw.field()).isEqualTo("verdicts"));
    assertThat(
            CertificateCheck.certificate(
                new Certificate(
                    good.receipt(),
                    good.acks().subList(0, 2),
                    good.outcome(),
                    good.refutation(),
                    good.verdicts()),
                room.jury,
                room.view()))
        .hasValueSatisfying(flaw -> assertThat(flaw.field()).isEqualTo("acks"));
  }

  @Test
  void juriesWidenThroughTheSizesThatThereAreValidatorsFor() {
    assertThat(IntStream.of(1, 4, 5, 30).mapToObj(n -> Jury.sizes(4, n)))
        .containsExactly(List.of(1), List.of(4), List.of(4, 5), List.of(4, 7, 13, 22));
  }
}
