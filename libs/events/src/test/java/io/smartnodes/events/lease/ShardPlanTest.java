package io.smartnodes.events.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
  @Test
  void instancesThatComeAndGoEndUpWithEqualSharesAndFewMoves() {
    Random random = new Random(7);
    for (int run = 0; run < 300; run++) {
      Map<String, Integer> held = new TreeMap<>();
      for (int step = 0; step < 8; step++) {
        if (held.size() < 2 || random.nextBoolean()) {
          held.put("i" + random.nextInt(1_000), 0);
        } else {
          held.remove(held.keySet().stream().skip(random.nextInt(held.size())).findFirst().get());
        }
        settle(held);
      }
    }
  }

  private static void settle(Map<String, Integer> held) {
    int least = 16 / held.size();
    int needed = held.values().stream().mapToInt(have -> Math.max(0, least - have)).sum();
    int surplus = held.values().stream().mapToInt(have -> Math.max(0, have - (least + 1))).sum();
    int released = 0;
    for (int round = 0; round < 6; round++) {
      for (String me : List.copyOf(held.keySet())) {
        int free = 16 - held.values().stream().mapToInt(Integer::intValue).sum();
        ShardPlan plan = ShardPlan.of(16, me, held, free);
        released += plan.release();
        held.merge(me, plan.take() - plan.release(), Integer::sum);
      }
    }
    assertThat(held.values()).allSatisfy(have -> assertThat(have).isBetween(least, least + 1));
    assertThat(held.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(16);
    assertThat(released).isLessThanOrEqualTo(Math.max(needed, surplus) + held.size());
  }
}
