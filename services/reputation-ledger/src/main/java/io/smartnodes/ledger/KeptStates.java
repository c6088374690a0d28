package io.smartnodes.ledger;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.check.EpochProposal;
import io.smartnodes.protocol.state.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The newest states in memory, the seeds of all epochs, and updates that may be executed next. */
final class KeptStates {
  private final int statesKept;
  private final int candidatesKept;
  private final Map<Long, Bytes32> seeds = new ConcurrentHashMap<>();
  private final Map<Bytes32, EpochProposal.Derived> candidates = new LinkedHashMap<>();
  private final TreeMap<Long, Kept> states = new TreeMap<>();

  /**
   * The state after an executed epoch.
   *
   * @param digest that was executed, zero for genesis
   * @param entryHash of the ledger's entry
   */
  record Kept(State state, Bytes32 root, Bytes32 seed, Bytes32 digest, Bytes32 entryHash) {}

  KeptStates(int statesKept, int candidatesKept) {
    this.statesKept = statesKept;
    this.candidatesKept = candidatesKept;
  }

  /** The newest state, empty before the start. */
  synchronized Optional<Kept> newest() {
    return Optional.ofNullable(states.lastEntry()).map(Map.Entry::getValue);
  }

  /** The state after an epoch, if it is among the newest. */
  synchronized Optional<Kept> after(long epoch) {
    return Optional.ofNullable(states.get(epoch));
  }

  synchronized void add(Kept kept) {
    long epoch = kept.state().epoch();
    states.put(epoch, kept);
    seeds.put(epoch, kept.seed());
    candidates.clear();
    while (states.size() > statesKept) {
      states.pollFirstEntry();
    }
  }

  Optional<Bytes32> seed(long epoch) {
    return Optional.ofNullable(seeds.get(epoch));
  }

  synchronized void offer(EpochProposal.Derived candidate) {
    candidates.put(candidate.digest(), candidate);
    if (candidates.size() > candidatesKept) {
      candidates.remove(candidates.keySet().iterator().next());
    }
  }

  synchronized Optional<EpochProposal.Derived> candidate(Bytes32 digest) {
    return Optional.ofNullable(candidates.get(digest));
  }
}
