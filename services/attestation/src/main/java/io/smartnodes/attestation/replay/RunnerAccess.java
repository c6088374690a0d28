package io.smartnodes.attestation.replay;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.runner.client.RemoteRunner;
import io.smartnodes.runner.client.RunnerProcess;
import io.smartnodes.runner.client.UnitRunner;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The runner that this process uses. */
@Singleton
public class RunnerAccess {
  /** Units at a time. */
  static int places() {
    return UnitRunner.placesFor(Runtime.getRuntime().availableProcessors());
  }

  /** Better no validator than one that cannot look at a single unit and does not say so. */
  void check(@Observes StartupEvent start, RunnerConfig config) {
    if (config.socket().isPresent()) {
      return;
    }
    Path jar =
        config
            .jar()
            .orElseThrow(() ->
                new IllegalStateException(
                    "nothing can run strangers' modules: set smartnodes.runner.socket, or"
                        + " smartnodes.runner.jar to the runner's jar"));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException("smartnodes.runner.jar is no file: " + jar);
    }
  }

  @Produces
  @Singleton
  UnitRunner runner(RunnerConfig config) {
    Optional<Path> socket = config.socket();
    if (socket.isPresent()) {
      return new RemoteRunner(socket.get(), InstantSource.system());
    }
    return new RunnerProcess(
        new RunnerProcess.Settings(
            config.java().orElseGet(RunnerProcess.Settings::ownJava),
            List.of("-jar", config.jar().orElseThrow().toString()),
            config.javaOptions().orElse(List.of()),
            places()),
        InstantSource.system());
  }

  void end(@Disposes UnitRunner runner) {
    runner.close();
  }
}
