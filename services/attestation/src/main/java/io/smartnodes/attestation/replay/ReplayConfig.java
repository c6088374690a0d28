package io.smartnodes.attestation.replay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of replays. */
@ConfigMapping(prefix = "smartnodes.replay")
public interface ReplayConfig {
  /** Where modules are kept between jobs; a directory of this process alone is made in it. */
  @WithDefault("${java.io.tmpdir}/smartnodes-modules")
  Path moduleDirectory();

  /** The most bytes of modules on disk. */
  @WithDefault("536870912")
  long moduleBytes();

  /** The time that a worker or member has to answer one request for openings. */
  @WithDefault("15s")
  Duration openingTime();
}
