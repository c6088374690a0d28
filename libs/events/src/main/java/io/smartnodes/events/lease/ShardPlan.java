package io.smartnodes.events.lease;

import java.util.List;
import java.util.Map;

/**
 * What one instance does next so that all hold equally many shards, give or take one, with the
 * fewest moves. All instances follow the same rule over nearly the same view; where views differ,
 * the leases decide.
 *
 * @param release how many of ours to give back
 * @param take how many free ones to take at most
 */
record ShardPlan(int release, int take) {
  /**
   * @param count of shards in all
   * @param held shards by live instance, zero for those without, us included
   * @param free shards that nobody holds
   */
  static ShardPlan of(int count, String me, Map<String, Integer> held, int free) {
    int instances = held.size();
    int least = count / instances;
    int most = (count + instances - 1) / instances;
    int mine = held.getOrDefault(me, 0);
    int missing = held.values().stream().mapToInt(have -> Math.max(0, least - have)).sum();
    if (mine > most) {
      return new ShardPlan(mine - most, 0);
    }
    if (mine == most && most > least) {
      int excess = held.values().stream().mapToInt(have -> Math.max(0, have - most)).sum();
      List<String> ableToGive =
          held.entrySet().stream()
              .filter(entry -> entry.getValue() == most)
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      return new ShardPlan(ableToGive.indexOf(me) < missing - free - excess ? 1 : 0, 0);
    }
    int goal = free > missing ? most : least;
    return new ShardPlan(0, Math.max(0, Math.min(free, goal - mine)));
  }
}
