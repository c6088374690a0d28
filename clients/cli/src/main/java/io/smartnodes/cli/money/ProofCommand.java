package io.smartnodes.cli.money;

import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Bytes32;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes proof}. */
@Command(
    name = "proof",
    mixinStandardHelpOptions = true,
    description =
        "Collects the proofs of what one's account owns in the newest executed state. Should the"
            + " network fall silent, 'smartnodes escape --proof FILE' takes the money out with them"
            + " and without any validator. They are good until the next execution: --follow keeps"
            + " the file fresh.",
    footer = {
      "",
      "Examples:",
      "  smartnodes proof --save proof.json",
      "  smartnodes proof --save proof.json --job 0x51c2… --follow",
      "  smartnodes proof -o json",
      "",
      "Exit codes: 0 collected, 1 no validator answers, 2 wrong usage."
    })
public final class ProofCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Option(names = "--save", paramLabel = "FILE", description = "write them to a file")
  private @Nullable Path file;

  @Option(
      names = "--job",
      paramLabel = "JOB_ID",
      split = ",",
      description = "jobs whose held money is wanted too")
  private List<String> jobs = List.of();

  @Option(
      names = "--follow",
      description = "go on until Ctrl-C, and write the file anew after every execution")
  private boolean follow;

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    List<Bytes32> wanted = jobs.stream().map(Bytes32::fromHex).toList();
    Terminal terminal = output.terminal();
    try (Session session = connection.open()) {
      session.registerAsUser();
      long last = -1;
      do {
        if (session.contracts().core().epoch() != last) {
          ProofFile proofs = new Proofs(session).collect(wanted);
          last = proofs.epoch();
          Path target = file;
          if (target != null) {
            proofs.write(target);
            terminal.line(
                "epoch "
                    + last
                    + ": "
                    + (proofs.allotments().size() + proofs.jobs().size())
                    + " proofs in "
                    + target);
          }
          if (output.isJson() || target == null) {
            output.print(proofs);
          }
        }
        if (follow) {
          Thread.sleep(PAUSE);
        }
      } while (follow);
    }
    return ExitCode.OK;
  }
}
