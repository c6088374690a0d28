package io.smartnodes.router.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the job-router. */
@ConfigMapping(prefix = "smartnodes.router")
public interface RouterConfig {
  /** How long a worker has for a lease. */
  @WithDefault("120s")
  Duration leaseTime();

  /** What an idle worker waits between heartbeats while nothing runs. */
  @WithDefault("1s")
  Duration idleInterval();

  /** What workers wait between heartbeats while jobs run. */
  @WithDefault("300ms")
  Duration busyInterval();

  /** Watchers of one job at a time. */
  @WithDefault("64")
  int watchersPerJob();
}
