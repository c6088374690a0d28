package io.smartnodes.cli.demo;

import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.NetworkPlan;
import io.smartnodes.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the demonstration runs.
 *
 * @param plan of the network
 * @param work of the job
 * @param home number of the validator that is the job's home; any if empty
 * @param killValidator kill a validator while the job runs
 * @param meanwhile what else happens while the job runs
 * @param keep leave the network running afterwards
 * @param results folder for the picture or the outputs
 */
public record DemoOptions(
    NetworkPlan plan,
    JobWork work,
    Optional<Integer> home,
    boolean killValidator,
    Meanwhile meanwhile,
    boolean keep,
    Path results) {
  /** Nothing happens but the story. */
  public static final Meanwhile NOTHING = (network, terminal) -> {};

  /** Something that happens to the network from the job's first unit on; may wait. */
  @FunctionalInterface
  public interface Meanwhile {
    /** Does it; the story waits for its end after the job, and fails if it does. */
    void happen(LocalNetwork network, Terminal terminal) throws IOException, InterruptedException;
  }

  /** The story as it is told to newcomers. */
  public static DemoOptions usual(
      NetworkPlan plan, JobWork work, boolean killValidator, boolean keep, Path results) {
    return new DemoOptions(plan, work, Optional.empty(), killValidator, NOTHING, keep, results);
  }

  /** Number of the job's home. */
  int homeIndex() {
    return home.orElseGet(() -> Math.floorMod(plan.seed(), plan.validators()));
  }
}
