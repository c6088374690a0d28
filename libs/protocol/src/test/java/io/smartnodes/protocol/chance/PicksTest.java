package io.smartnodes.protocol.chance;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PicksTest {
  private static final Bytes32 SEED = Keccak.text("seed");

  @Test
  void theOrderOfTheSetDoesNotChangeWhoIsPicked() {
    List<Seat> seats = seats(22);
    List<Seat> reversed = new ArrayList<>(seats);
    Collections.reverse(reversed);
    Bytes32 id = Keccak.text("job");
    assertThat(Picks.witnesses(id, SEED, reversed, 4))
        .isEqualTo(Picks.witnesses(id, SEED, seats, 4))
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  @Test
  void everyoneIsPickedWhenThereAreNoMore() {
    List<Seat> seats = seats(4);
    assertThat(Picks.jury(Keccak.text("receipt"), SEED, seats, 4))
        .containsExactlyInAnyOrderElementsOf(seats.stream().map(Seat::operator).toList());
  }

  @Test
  void eachSeatIsPickedAboutEquallyOften() {
    List<Seat> seats = seats(10);
    int[] picked = new int[10];
    for (int draw = 0; draw < 2_000; draw++) {
      for (Address operator : Picks.jury(Keccak.text("receipt " + draw), SEED, seats, 4)) {
        for (int i = 0; i < 10; i++) {
          picked[i] += seats.get(i).operator().equals(operator) ? 1 : 0;
        }
      }
    }
    assertThat(IntStream.of(picked).boxed()).allMatch(times -> times > 650 && times < 950);
  }

  @Test
  void aQuorumIsMoreThanTwoThirds() {
    for (int picked = 1; picked < 100; picked++) {
      int quorum = Picks.quorum(picked);
      assertThat(3 * quorum).isGreaterThan(2 * picked);
      assertThat(3 * (quorum - 1)).isLessThanOrEqualTo(2 * picked);
    }
  }

  private static List<Seat> seats(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Address.fromWord(Keccak.text("operator " + i)))
        .map(operator -> new Seat(operator, Picks.seat(operator, SEED)))
        .toList();
  }
}
