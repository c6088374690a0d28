package io.smartnodes.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Measures the parts of a run, one after the other. */
final class Phases {
  private final InstantSource time;
  private final List<Report.PhasePart> all = new ArrayList<>();
  private String current = "";
  private Instant since;

  Phases(InstantSource time) {
    this.time = time;
    this.since = time.instant();
  }

  /** Ends the current part and begins another. */
  void begin(String name) {
    end();
    current = name;
    since = time.instant();
  }

  /** Ends the current part. */
  void end() {
    if (!current.isEmpty()) {
      all.add(new Report.PhasePart(current, Duration.between(since, time.instant()).toMillis()));
      current = "";
    }
  }

  /** The part that runs, empty between parts. */
  String current() {
    return current;
  }

  /** What has been measured. */
  List<Report.PhasePart> all() {
    return List.copyOf(all);
  }
}
