package io.smartnodes.protocol.attestation.jury;

import static io.smartnodes.protocol.attestation.jury.Courtroom.everybody;
import static io.smartnodes.protocol.attestation.jury.Courtroom.holds;
import static io.smartnodes.protocol.attestation.jury.Courtroom.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.attestation.jury.Courtroom.WorkerManner;
import io.smartnodes.protocol.body.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilenceTest {
  @Test
  void aWorkerThatOpensNothingIsSilentAfterAMinuteAndARelay() {
    Courtroom room = new Courtroom(4, 64, Map.of(), new WorkerManner(Set.of(), Set.of()));
    room.run(Duration.ofSeconds(59));
    assertThat(room.written()).isEmpty();
    room.run(Duration.ofSeconds(75));
    assertThat(outcomes(room)).containsExactly(Outcome.SILENT);
    holds(room);
  }

  @Test
  void aWorkerThatOpensSlowlyIsSilentOnlyAMinuteAfterItsLastOpening() {
    Courtroom room = new Courtroom(4, 64, Map.of(), new WorkerManner(Set.of(), Set.of()));
    JurySession session = room.session(room.jury.order().getFirst());
    JurySession.Step drawn =
        after(
            0,
            session,
            new JuryInput.DrawBlockConfirmed(room.jury, Courtroom.BLOCK, 30, List.of()));
    List<Long> sample = drawn.next().sample();
    List<Long> late = sample.subList(8, sample.size());
    JurySession slow =
        after(50, drawn.next(), new JuryInput.OpeningsArrived(sample.subList(0, 8))).next();
    JurySession.Step cutOff = failed(70, slow, late);
    assertThat(cutOff.effects()).noneMatch(JuryEffect.Sign.class::isInstance);
    JurySession again = after(109, cutOff.next(), new JuryInput.Tick()).next();
    assertThat(failed(109, again, late).effects()).noneMatch(JuryEffect.Sign.class::isInstance);
    assertThat(failed(110, again, late).effects())
        .contains(new JuryEffect.Sign(new Verdict.Silence(room.receipt.receipt().hashStruct())));
  }

  private static JurySession.Step failed(int seconds, JurySession session, List<Long> units) {
    JurySession relay =
        after(seconds, session, new JuryInput.OpeningsFailed(units, JuryEffect.Source.WORKER))
            .next();
    return after(seconds, relay, new JuryInput.OpeningsFailed(units, JuryEffect.Source.MEMBERS));
  }

  private static JurySession.Step after(int seconds, JurySession session, JuryInput input) {
    return session.step(input, Courtroom.START.plusSeconds(seconds));
  }

  @Test
  void aWorkerThatOneMemberCannotReachIsNotSilent() {
    Set<Address> reached = everybody(4);
    Address cutOff =
        new Courtroom(4, 64, Map.of(), new WorkerManner(Set.of(), everybody(4)))
            .jury
            .order()
            .getLast();
    reached.remove(cutOff);
    Courtroom room = new Courtroom(4, 64, Map.of(), new WorkerManner(Set.of(), reached));
    room.run(Duration.ofSeconds(20));
    assertThat(outcomes(room)).containsExactly(Outcome.CONFIRMED);
    assertThat(room.session(cutOff).book().of(cutOff))
        .containsExactly(new Verdict.Confirming(room.receipt.receipt().hashStruct()));
  }
}
