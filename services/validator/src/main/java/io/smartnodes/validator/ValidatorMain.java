package io.smartnodes.validator;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.embedded.ParentWatch;
import io.smartnodes.validator.ops.Ops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Starts a validator: first what the services need at their start, then the services. With
 * arguments it runs an operator's commands instead ({@link Ops}).
 *
 * <ul>
 *   <li>{@code smartnodes.exit-with-parent=true}: ends when the process that started it ends;
 *   <li>{@code smartnodes.db.embedded=true}: runs its own PostgreSQL with its data in {@code
 *       smartnodes.home}; otherwise {@code smartnodes.db.url} names one;
 *   <li>{@code smartnodes.deployment}: the file from which chain id and addresses are taken;
 *   <li>{@code smartnodes.peer-id}: derived from {@code smartnodes.keystore.file} if absent.
 * </ul>
 *
 * <p>384 MiB of heap are enough for a laptop: {@code java -Xmx384m -XX:+UseSerialGC
 * -XX:TieredStopAtLevel=1 -jar quarkus-run.jar} starts in half the time. What juries replay runs in
 * the runner, a process of its own that this one starts from {@code smartnodes.runner.jar} when the
 * first unit comes, with a heap of its own; or it listens at {@code smartnodes.runner.socket}.
 *
 * <p>A key that the set does not name does not keep the process from starting: it follows the chain
 * and serves, and votes as soon as the set has it. After {@code rotate}, start it with the new
 * keystore; the database stays.
 */
@QuarkusMain
public final class ValidatorMain {
  private ValidatorMain() {}

  /** Runs until it is stopped. */
  public static void main(String... args) throws IOException {
    StartSettings settings = StartSettings.fromEnvironment();
    if (args.length > 0) {
      System.exit(Ops.run(settings.config(), args));
    }
    if (settings.flag("smartnodes.exit-with-parent")) {
      System.setProperty(ParentWatch.PROPERTY, "stdin");
    }
    ParentWatch.exitWhenParentDies();
    Optional<EmbeddedPostgres> postgres =
        settings.flag("smartnodes.db.embedded")
            ? Optional.of(startPostgres(settings))
            : Optional.empty();
    try {
      settings.derived().forEach(System::setProperty);
      Quarkus.run(args);
    } finally {
      postgres.ifPresent(EmbeddedPostgres::close);
    }
  }

  private static EmbeddedPostgres startPostgres(StartSettings settings) {
    Path home = settings.path("smartnodes.home").orElse(Path.of("smartnodes-home"));
    EmbeddedPostgres started =
        EmbeddedPostgres.start(home.resolve("postgres"), settings.number("smartnodes.db.port", 0));
    System.setProperty("smartnodes.db.url", started.url());
    return started;
  }
}
