package io.smartnodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Help, usage and exit codes. */
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyCommandHasHelpWithExamplesAndExitCodes() {
    CommandLine main = line();
    for (CommandLine command : main.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        List<CommandLine> shown =
            command.getSubcommands().isEmpty()
                ? List.of(command)
                : List.copyOf(command.getSubcommands().values());
        assertThat(shown)
            .allSatisfy(one ->
                assertThat(one.getUsageMessage())
                    .as(one.getCommandSpec().qualifiedName())
                    .contains("Example")
                    .contains("Exit codes"));
      }
    }
  }

  @Test
  void wrongUsageEndsWithTwoAndSaysWhatToDo() {
    assertThat(line().execute("demo", "--validators", "3")).isEqualTo(2);
    assertThat(err.toString()).contains("--validators: 4 to 10");
    assertThat(line().execute("demo", "--keep", "--once")).isEqualTo(2);
    assertThat(line().execute("demo", "--module", "m.wasm")).isEqualTo(2);
    assertThat(line().execute("job")).isEqualTo(2);
    assertThat(line().execute("validator")).isEqualTo(2);
    assertThat(line().execute("validator", "join", "--stake", "many")).isEqualTo(2);
    assertThat(err.toString()).contains("no amount of SNO");
    assertThat(line().execute("governance", "propose", "--set", "fee=1")).isEqualTo(2);
    assertThat(err.toString()).contains("feeBasisPoints");
    assertThat(line().execute("governance", "propose")).isEqualTo(2);
    assertThat(line().execute("release", "5")).isEqualTo(2);
    assertThat(err.toString()).contains("--home OPERATOR, or --free");
    assertThat(line().execute("no-such-command")).isEqualTo(2);
    assertThat(line().execute("run", "no-such-job.yaml")).isEqualTo(2);
    assertThat(err.toString()).contains("no-such-job.yaml");
  }

  private CommandLine line() {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
  }
}
