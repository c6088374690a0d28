package io.smartnodes.cli;

import io.grpc.StatusRuntimeException;
import io.smartnodes.cli.contracts.ContractsCommand;
import io.smartnodes.cli.governance.GovernanceCommand;
import io.smartnodes.cli.keys.KeysCommand;
import io.smartnodes.cli.money.EscapeCommand;
import io.smartnodes.cli.money.ProofCommand;
import io.smartnodes.cli.money.ReleaseCommand;
import io.smartnodes.cli.registry.NetworkCommand;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.cli.validator.ValidatorCommand;
import io.smartnodes.wire.Errors;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code smartnodes}. */
@Command(
    name = "smartnodes",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Verified compute on other people's machines.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      RunCommand.class,
      ClaimCommand.class,
      JobCommand.class,
      EpochCommand.class,
      ReleaseCommand.class,
      ProofCommand.class,
      EscapeCommand.class,
      KeysCommand.class,
      ValidatorCommand.class,
      GovernanceCommand.class,
      NetworkCommand.class,
      ContractsCommand.class,
      HostCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  smartnodes demo                          the whole story once",
      "  smartnodes up                            a local network that stays",
      "  smartnodes run examples/fractal/job.yaml a job on it",
      "  smartnodes claim                         pay the workers what they earned",
      "  smartnodes validator status              the validators, and what operators can do",
      "  smartnodes governance list               what the holders of SNO decide",
      "  smartnodes down                          stop it",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
public final class Main implements Runnable {
  private static final Logger ROOT = Logger.getLogger("");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"smartnodes " + (version == null ? "development" : version)};
    }
  }

  /** Runs a command and ends with its exit code. */
  public static void main(String[] args) {
    // Libraries keep quiet: what a user must know is an error message of ours.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    ROOT.setLevel(Level.SEVERE);
    System.exit(commandLine().execute(args));
  }

  /** The command line, for tests too. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failed, line, parsed) -> explain(failed, line));
  }

  private static int explain(Exception failed, CommandLine line) {
    boolean usage =
        failed instanceof UsageProblem
            || failed instanceof IllegalArgumentException
            || failed instanceof NoSuchFileException
            || failed instanceof FileNotFoundException;
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + sentence(failed));
    if (System.getenv("SMARTNODES_DEBUG") != null) {
      failed.printStackTrace(line.getErr());
    }
    return usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  private static String sentence(Exception failed) {
    if (failed instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    if (failed instanceof FileNotFoundException missing) {
      return String.valueOf(missing.getMessage());
    }
    if (failed instanceof StatusRuntimeException refused) {
      return Errors.read(refused)
          .map(refusal ->
              refusal.message()
                  + " ("
                  + refusal.code()
                  + (refusal.field().isEmpty() ? "" : ", field " + refusal.field())
                  + ")")
          .orElse(
              "no validator answers: "
                  + refused.getMessage()
                  + "; is the network up? See './smartnodes status'");
    }
    return String.valueOf(failed.getMessage());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, see --help");
  }
}
