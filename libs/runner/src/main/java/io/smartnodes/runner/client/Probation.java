package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes32;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is to blame when the runner dies. With several modules at work nobody can tell, so each of
 * them is a suspect and runs alone from then on; a suspect that ends alone is cleared, and one with
 * which the runner dies again is shunned. A module that was only being compiled at three deaths is
 * interpreted from then on. Blame ends by itself. Thread-safe.
 */
final class Probation {
  /** How long a module that ended the runner alone is not run. */
  static final Duration SHUNNED = Duration.ofMinutes(5);

  private static final Duration SUSPECTED = Duration.ofMinutes(10);
  private static final int DEATHS_WHILE_COMPILED = 3;
  private static final int MOST = 1_000;

  private final Map<Bytes32, Blame> blames = new LinkedHashMap<>();
  private final Set<Bytes32> warming = new TreeSet<>();

  private record Blame(boolean suspect, boolean shunned, int compiling, Instant until) {
    static final Blame CLEAN = new Blame(false, false, 0, Instant.MIN);
  }

  /** How a module may run now. */
  enum Standing {
    CLEAR,
    ALONE,
    SHUNNED
  }

  synchronized Standing of(Bytes32 module, Instant now) {
    Blame found = blame(module, now);
    if (found.shunned()) {
      return Standing.SHUNNED;
    }
    return found.suspect() ? Standing.ALONE : Standing.CLEAR;
  }

  /** Whether the module must not be compiled. */
  synchronized boolean interpreted(Bytes32 module, Instant now) {
    return blame(module, now).compiling() >= DEATHS_WHILE_COMPILED;
  }

  /** The runner compiles a module in the background, or no longer does. */
  synchronized void warming(Bytes32 module, boolean still) {
    if (still) {
      warming.add(module);
    } else {
      warming.remove(module);
    }
  }

  /** A module's unit has ended alone, and the runner lives. */
  synchronized void cleared(Bytes32 module, Instant now) {
    Blame found = blame(module, now);
    if (found.suspect()) {
      put(module, new Blame(false, false, found.compiling(), found.until()));
    }
  }

  /**
   * The runner has died, and with it what it compiled in the background.
   *
   * @return the modules that it was compiling
   */
  synchronized Set<Bytes32> died(Instant now) {
    Set<Bytes32> compiled = Set.copyOf(warming);
    for (Bytes32 module : compiled) {
      Blame found = blame(module, now);
      put(
          module,
          new Blame(found.suspect(), found.shunned(), found.compiling() + 1, now.plus(SUSPECTED)));
    }
    warming.clear();
    return compiled;
  }

  /**
   * A module was at work when the runner died.
   *
   * @param certain whether nothing else was
   */
  synchronized void wasAtWork(Bytes32 module, boolean certain, Instant now) {
    put(
        module,
        new Blame(
            true,
            certain,
            blame(module, now).compiling(),
            now.plus(certain ? SHUNNED : SUSPECTED)));
  }

  private Blame blame(Bytes32 module, Instant now) {
    Blame found = blames.getOrDefault(module, Blame.CLEAN);
    return now.isBefore(found.until()) ? found : Blame.CLEAN;
  }

  private void put(Bytes32 module, Blame blame) {
    blames.remove(module);
    blames.put(module, blame);
    Iterator<Bytes32> eldest = blames.keySet().iterator();
    while (blames.size() > MOST) {
      eldest.next();
      eldest.remove();
    }
  }
}
