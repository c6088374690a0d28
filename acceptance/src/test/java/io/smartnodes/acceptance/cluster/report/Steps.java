package io.smartnodes.acceptance.cluster.report;

import io.smartnodes.cli.terminal.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What was done to the cluster, one after the other: each with a check and a duration. */
public final class Steps {
  private final Terminal terminal;
  private final InstantSource time;
  private final List<ClusterPart.StepPart> all = new ArrayList<>();

  public Steps(Terminal terminal, InstantSource time) {
    this.terminal = terminal;
    this.time = time;
  }

  /** Something that is done and checked. */
  @FunctionalInterface
  public interface Body {
    /**
     * Does it.
     *
     * @return what was seen
     * @throws Exception if it does not hold; the message says what was seen instead
     */
    String run() throws Exception;
  }

  /** Does a step and notes how it ended; a failure ends this step only. */
  public void run(String name, String what, Body body) throws InterruptedException {
    terminal.step(what);
    Instant start = time.instant();
    boolean ok = true;
    String detail;
    try {
      detail = body.run();
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Exception failed) {
      ok = false;
      detail = failed.getMessage() == null ? failed.toString() : failed.getMessage();
    }
    long millis = Duration.between(start, time.instant()).toMillis();
    note(new ClusterPart.StepPart(name, what, ok, detail, millis));
    String line = "  " + name + " (" + Math.round(millis / 1000.0) + " s): " + detail;
    if (ok) {
      terminal.line(line);
    } else {
      terminal.failure(line);
    }
  }

  private synchronized void note(ClusterPart.StepPart step) {
    all.add(step);
  }

  /** All steps so far. */
  public synchronized List<ClusterPart.StepPart> all() {
    return List.copyOf(all);
  }

  /** Throws unless something holds. */
  public static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
