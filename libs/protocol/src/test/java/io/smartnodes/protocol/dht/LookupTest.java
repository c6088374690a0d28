package io.smartnodes.protocol.dht;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 3.3.3. */
class LookupTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Bytes32 TARGET = Bytes32.ZERO;

  private static PeerId peer(int number) {
    return new PeerId(Bytes32.ofNumber(number));
  }

  private static List<PeerId> asked(Lookup.Step step) {
    return step.effects().stream()
        .flatMap(
            e -> e instanceof Lookup.Effect.Ask(PeerId p) ? java.util.stream.Stream.of(p) : null)
        .toList();
  }

  private static Lookup.Effect.Done done(Lookup.Step step) {
    assertThat(step.state().isDone()).isTrue();
    return (Lookup.Effect.Done) step.effects().getLast();
  }

  @Test
  void theClosestThreeAreAskedFirstAndTheClockIsSet() {
    Lookup lookup = Lookup.of(TARGET, List.of(peer(9), peer(2), peer(5), peer(7)));

    Lookup.Step step = lookup.step(new Lookup.Input.Tick(), NOW);

    assertThat(asked(step)).containsExactly(peer(2), peer(5), peer(7));
    assertThat(step.effects().getLast())
        .isEqualTo(new Lookup.Effect.WakeAt(NOW.plus(Lookup.PATIENCE)));
  }

  @Test
  void aSilentPeerGivesItsPlaceToTheNextAndItsLateAnswerStillCounts() {
    Lookup lookup = Lookup.of(TARGET, List.of(peer(2), peer(5), peer(7), peer(9)));
    Lookup.Step first = lookup.step(new Lookup.Input.Tick(), NOW);
    Instant later = NOW.plus(Lookup.PATIENCE);

    Lookup.Step second = first.state().step(new Lookup.Input.Tick(), later);
    assertThat(asked(second)).containsExactly(peer(9));

    Lookup.Step third =
        second.state().step(new Lookup.Input.Closer(peer(2), List.of(peer(1))), later);
    assertThat(asked(third)).containsExactly(peer(1));
  }

  @Test
  void answersOfPeersThatWereNotAskedChangeNothing() {
    Lookup lookup = Lookup.of(TARGET, List.of(peer(5)));
    Lookup.Step first = lookup.step(new Lookup.Input.Tick(), NOW);

    Lookup.Step forged =
        first.state().step(new Lookup.Input.Closer(peer(1), List.of(peer(2))), NOW);

    assertThat(forged.state()).isEqualTo(first.state());
    assertThat(asked(forged)).isEmpty();
  }

  @Test
  void aLookupFromNobodyEndsAtOnce() {
    Lookup.Step step = Lookup.of(TARGET, List.of()).step(new Lookup.Input.Tick(), NOW);

    assertThat(done(step)).isEqualTo(new Lookup.Effect.Done(List.of(), Optional.empty()));
    assertThat(step.state().step(new Lookup.Input.Tick(), NOW).effects()).isEmpty();
  }

  @Test
  void aLiarThatInventsEverCloserPeersCannotKeepItBusy() {
    Lookup.Step step = Lookup.of(TARGET, List.of(peer(1 << 20))).step(new Lookup.Input.Tick(), NOW);
    List<PeerId> open = new ArrayList<>(asked(step));
    int messages = 0;
    int next = (1 << 20) - 1;
    while (!step.state().isDone()) {
      messages++;
      List<PeerId> invented = List.of(peer(next--), peer(next--), peer(next--));
      step = step.state().step(new Lookup.Input.Closer(open.removeFirst(), invented), NOW);
      open.addAll(asked(step));
    }

    assertThat(messages).isLessThanOrEqualTo(Lookup.MOST_ASKED);
  }

  @Test
  void amongTwoHundredNodesEveryLookupFindsTheClosestWithFewMessages() {
    SimulatedNetwork network = new SimulatedNetwork(200, 1);
    int exact = 0;
    int messages = 0;
    for (int i = 0; i < 100; i++) {
      Bytes32 target = Keccak.text("target " + i);
      PeerId from = network.alive().get(i);
      SimulatedNetwork.Outcome outcome = network.lookup(from, target);
      List<PeerId> closest = new ArrayList<>(network.trulyClosest(target, KBucket.SIZE + 1));
      closest.remove(from);
      exact += outcome.closest().equals(closest.subList(0, KBucket.SIZE)) ? 1 : 0;
      messages += outcome.messages();
    }

    assertThat(exact).isGreaterThanOrEqualTo(98);
    assertThat(messages / 100).isLessThan(2 * KBucket.SIZE);
  }

  @Test
  void withEveryFifthNodeDeadLookupsStillFindTheClosest() {
    SimulatedNetwork network = new SimulatedNetwork(200, 2);
    network.kill(40);
    int closestFound = 0;
    int messages = 0;
    for (int i = 0; i < 100; i++) {
      Bytes32 target = Keccak.text("target " + i);
      PeerId from = network.alive().get(i);
      SimulatedNetwork.Outcome outcome = network.lookup(from, target);
      List<PeerId> closest = new ArrayList<>(network.trulyClosest(target, 6));
      closest.remove(from);
      closestFound += outcome.closest().subList(0, 5).equals(closest.subList(0, 5)) ? 1 : 0;
      messages += outcome.messages();
    }

    assertThat(closestFound).isGreaterThanOrEqualTo(98);
    assertThat(messages / 100).isLessThan(3 * KBucket.SIZE);
  }

  @Test
  void aValueIsFoundBeforeAllOfTheClosestAreAsked() {
    SimulatedNetwork network = new SimulatedNetwork(200, 3);
    network.kill(40);
    int messages = 0;
    for (int i = 0; i < 50; i++) {
      Bytes32 key = Keccak.text("value " + i);
      network.place(key, network.trulyClosest(key, KBucket.SIZE));
      SimulatedNetwork.Outcome outcome = network.lookup(network.alive().get(i), key);
      assertThat(outcome.valueFrom()).isPresent();
      messages += outcome.messages();
    }

    assertThat(messages / 50).isLessThan(8);
  }
}
