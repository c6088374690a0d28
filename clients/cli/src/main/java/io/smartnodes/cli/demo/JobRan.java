package io.smartnodes.cli.demo;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import java.util.SortedMap;

/**
 * A job that ran.
 *
 * @param truth the outputs of a local run of the same module
 * @param watch what was seen under way
 */
record JobRan(
    JobPlan plan, JobResult result, SortedMap<Long, Bytes> truth, JobWatch watch, long millis) {}
