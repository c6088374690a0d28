package io.smartnodes.validator.ops;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.Config;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/**
 * The operator's commands. Several can be given at once: they run one after the other, and the
 * first that fails is the last. Each takes its settings from where the services take theirs.
 *
 * <p>Exit codes: 0 done, 1 failed with a line on the standard error that says why, 2 wrong usage.
 */
@Command(
    name = "validator",
    mixinStandardHelpOptions = true,
    subcommandsRepeatable = true,
    description = "Runs the services without arguments, else one or more of these commands.",
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class Ops implements Callable<Integer> {
  private static final Logger ROOT = Logger.getLogger("");
  private static final int FAILED = 1;

  private Ops() {}

  /** Runs commands and returns the exit code. */
  public static int run(Config config, String... arguments) {
    // Libraries keep quiet: what an operator must know is a line of ours.
    ROOT.setLevel(Level.SEVERE);
    Logger.getLogger("org.apache.kafka").setLevel(Level.OFF);
    return run(config, System.out, System.err, arguments);
  }

  /** The same, with other places for what it says. */
  public static int run(Config config, PrintStream out, PrintStream err, String... arguments) {
    CommandLine line =
        new CommandLine(new Ops())
            .addSubcommand(new CheckCommand(config, out))
            .addSubcommand(new TopicsCommand(config, out))
            .addSubcommand(new MigrateCommand(config, out))
            .addSubcommand(DeadLettersCommand.line(config, out));
    line.setExecutionStrategy(Ops::oneAfterTheOther);
    line.setExecutionExceptionHandler((failure, failed, parsed) -> {
      err.println(failed.getCommandName() + ": " + reason(failure));
      return FAILED;
    });
    return line.execute(arguments);
  }

  @Override
  public Integer call() {
    return CommandLine.ExitCode.USAGE;
  }

  private static int oneAfterTheOther(ParseResult all) {
    Integer help = CommandLine.executeHelpRequest(all);
    if (help != null) {
      return help;
    }
    for (ParseResult one : all.subcommands()) {
      int code = call(last(one).commandSpec().commandLine());
      if (code != CommandLine.ExitCode.OK) {
        return code;
      }
    }
    if (!all.hasSubcommand()) {
      all.commandSpec().commandLine().usage(System.err);
      return CommandLine.ExitCode.USAGE;
    }
    return CommandLine.ExitCode.OK;
  }

  private static ParseResult last(ParseResult result) {
    return result.hasSubcommand() ? last(result.subcommand()) : result;
  }

  private static int call(CommandLine line) {
    try {
      return line.getCommand() instanceof Callable<?> command
              && command.call() instanceof Integer code
          ? code
          : CommandLine.ExitCode.OK;
    } catch (CommandLine.ParameterException e) {
      throw e;
    } catch (Exception e) {
      throw new CommandLine.ExecutionException(line, reason(e), e);
    }
  }

  /** One line that says what is wrong. */
  private static String reason(Throwable failure) {
    Throwable named =
        failure instanceof CommandLine.ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = named.getMessage();
    String text = message == null ? named.getClass().getSimpleName() : message;
    return String.join(" ", List.of(text.split("\\s*\\R\\s*")));
  }
}
