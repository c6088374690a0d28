package io.smartnodes.runner.client;

/**
 * What the runner is doing.
 *
 * @param places units that may run at a time
 * @param running units that run
 * @param modules modules that it holds
 * @param processId its process
 */
public record RunnerStatus(int places, int running, int modules, long processId) {}
