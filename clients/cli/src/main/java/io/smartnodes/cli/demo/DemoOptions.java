package io.smartnodes.cli.demo;

import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.network.NetworkPlan;
import java.nio.file.Path;

/**
 * How the demonstration runs.
 *
 * @param plan of the network
 * @param work of the job
 * @param killValidator kill a validator while the job runs
 * @param keep leave the network running afterwards
 * @param results folder for the picture or the outputs
 */
public record DemoOptions(
    NetworkPlan plan, JobWork work, boolean killValidator, boolean keep, Path results) {}
