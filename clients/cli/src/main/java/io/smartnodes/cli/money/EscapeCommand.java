package io.smartnodes.cli.money;

import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes escape}. */
@Command(
    name = "escape",
    mixinStandardHelpOptions = true,
    description =
        "Takes one's money out of the contract after 30 days without an execution: deposits that"
            + " no state has consumed, and balances by the proofs of the last state, from a file"
            + " that 'smartnodes proof --save' wrote or from a validator that still answers.",
    footer = {
      "",
      "Examples:",
      "  smartnodes escape --proof proof.json       without any validator",
      "  smartnodes escape --ask                    proofs from validators that still answer",
      "  smartnodes escape                          unconsumed deposits only",
      "",
      "Exit codes: 0 everything was taken, 1 something was refused, 2 wrong usage."
    })
public final class EscapeCommand implements Callable<Integer> {
  @Option(names = "--proof", paramLabel = "FILE", description = "proofs saved before")
  private @Nullable Path file;

  @Option(names = "--ask", description = "ask validators for the proofs")
  private boolean ask;

  @Option(
      names = "--job",
      paramLabel = "JOB_ID",
      split = ",",
      description = "with --ask: jobs whose held money is wanted too")
  private List<String> jobs = List.of();

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    OnChain chain = connection.chain();
    Escape escape = new Escape(chain);
    List<Escape.Exit> exits = new ArrayList<>();
    Address account = chain.account();
    Path saved = file;
    if (saved != null) {
      ProofFile proofs = ProofFile.read(saved);
      account = Address.fromHex(proofs.account());
      exits.addAll(escape.proven(proofs));
    } else if (ask) {
      exits.addAll(escape.proven(collect()));
    }
    exits.addAll(escape.deposits(account));
    return take(escape, exits);
  }

  private ProofFile collect() throws IOException {
    try (Session session = connection.open()) {
      return new Proofs(session).collect(jobs.stream().map(Bytes32::fromHex).toList());
    }
  }

  private int take(Escape escape, List<Escape.Exit> exits) throws IOException {
    Terminal terminal = output.terminal();
    List<Map<String, String>> results = new ArrayList<>();
    boolean refused = false;
    for (Escape.Exit exit : exits) {
      Map<String, String> result = new LinkedHashMap<>();
      result.put("what", exit.what());
      result.put("asset", exit.asset().toString());
      result.put("amount", exit.amount().toString());
      switch (escape.take(exit)) {
        case Escape.Outcome.Paid paid -> {
          result.put("transactionHash", paid.transaction().toString());
          terminal.success(exit.what() + ": " + Terminal.sno(exit.amount()) + " taken");
        }
        case Escape.Outcome.Refused no -> {
          refused = true;
          result.put("refused", no.error().toString());
          terminal.failure(no.message());
        }
      }
      results.add(result);
    }
    if (output.isJson()) {
      output.print(results);
    } else if (exits.isEmpty()) {
      terminal.line(
          "nothing to take: no deposit waits; balances need --proof FILE, or --ask while a"
              + " validator answers");
    }
    return refused ? ExitCode.SOFTWARE : ExitCode.OK;
  }
}
