package io.smartnodes.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** What has been checked, in order; names are unique and stable. */
final class Checks {
  private final List<Report.Check> all = new ArrayList<>();

  /** Notes a check. */
  void note(String name, boolean ok, String detail) {
    all.add(new Report.Check(name, ok, detail));
  }

  /** Whether there are checks and all of them held. */
  boolean ok() {
    return !all.isEmpty() && all.stream().allMatch(Report.Check::ok);
  }

  /** All checks so far. */
  List<Report.Check> all() {
    return List.copyOf(all);
  }
}
