package io.smartnodes.attestation.replay;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where strangers' modules run: at a socket, or in a child of this process. */
@ConfigMapping(prefix = "smartnodes.runner")
public interface RunnerConfig {
  /** The socket of a runner that somebody else keeps alive. */
  Optional<Path> socket();

  /** Without a socket: the runner's jar, to be started as a child when it is first wanted. */
  Optional<Path> jar();

  /** The java program that runs the jar; default: the one that runs this process. */
  Optional<Path> java();

  /** Further options of the child's JVM. */
  Optional<List<String>> javaOptions();
}
