package io.smartnodes.validator.ops;

import io.smartnodes.validator.ops.check.Databases;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import picocli.CommandLine.Command;

/** Brings the five schemas up to date; can be repeated, and only one does it at a time. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = "Makes the five schemas of the database, or brings them up to date.")
final class MigrateCommand implements Callable<Integer> {
  private final Config config;
  private final PrintStream out;

  MigrateCommand(Config config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  @Override
  public Integer call() {
    for (String unit : Databases.UNITS) {
      MigrateResult result;
      try {
        result =
            Flyway.configure()
                .dataSource(Databases.source(config, unit))
                .locations("db/" + unit, "db/events")
                .schemas(unit)
                .load()
                .migrate();
      } catch (FlywayException e) {
        throw new IllegalStateException(unit + ": " + innermost(e), e);
      }
      if (result.migrations.isEmpty()
          && result.targetSchemaVersion == null
          && result.initialSchemaVersion == null) {
        throw new IllegalStateException(unit + ": this program has no migrations in it");
      }
      out.println(
          unit
              + ": "
              + (result.migrationsExecuted == 0
                  ? "up to date"
                  : result.migrationsExecuted + " migrations done"));
    }
    return 0;
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
