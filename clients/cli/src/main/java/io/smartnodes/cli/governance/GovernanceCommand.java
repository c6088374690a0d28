package io.smartnodes.cli.governance;

import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes governance}. */
@Command(
    name = "governance",
    mixinStandardHelpOptions = true,
    description =
        "Decisions of the holders of SNO: proposed, voted on, held in the timelock, executed. Who"
            + " wants to vote delegates first, to itself for example.",
    subcommands = {
      GovernanceCommand.Listing.class,
      GovernanceCommand.Show.class,
      ProposeCommand.class,
      DecideCommands.Vote.class,
      DecideCommands.Queue.class,
      DecideCommands.Execute.class,
      DecideCommands.Delegate.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class GovernanceCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem(
        "a command is missing: governance list | show | propose | vote | queue | execute |"
            + " delegate");
  }

  /** {@code smartnodes governance list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all proposals, the newest first.",
      footer = {
        "",
        "Examples:",
        "  smartnodes governance list",
        "  smartnodes governance list -o json",
        "",
        "Exit codes: 0 listed, 1 the chain does not answer, 2 wrong usage."
      })
  static final class Listing implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Governance governance = new Governance(connection.chain());
      List<Governance.Motion> all = governance.all();
      if (output.isJson()) {
        output.print(all.stream().map(motion -> facts(governance, motion)).toList());
        return ExitCode.OK;
      }
      Terminal terminal = output.terminal();
      for (Governance.Motion motion : all) {
        terminal.plain(
            motion.id().toString().substring(0, 12)
                + "…  "
                + governance.state(motion)
                + "  "
                + motion.proposal().description());
      }
      if (all.isEmpty()) {
        terminal.plain("nothing was proposed yet; see 'smartnodes governance propose --help'");
      }
      return ExitCode.OK;
    }
  }

  /** {@code smartnodes governance show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows a proposal, how its vote stands, and what can be done next.",
      footer = {
        "",
        "Examples:",
        "  smartnodes governance show 0x3fa91c…",
        "  smartnodes governance show 0x3fa91c… -o json",
        "",
        "Exit codes: 0 found, 1 the chain does not answer, 2 wrong usage or no such proposal."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "id of a proposal, or its beginning")
    private String id = "";

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Governance governance = new Governance(chain);
      Governance.Motion motion = governance.find(id);
      Map<String, Object> facts = facts(governance, motion);
      facts.put("next", next(governance, motion));
      output.show(facts);
      return ExitCode.OK;
    }
  }

  /** A proposal as people and machines read it. */
  static Map<String, Object> facts(Governance governance, Governance.Motion motion) {
    Governance.Tally tally = governance.tally(motion);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", motion.id().toString());
    facts.put("state", governance.state(motion).name());
    facts.put("description", motion.proposal().description());
    facts.put("proposer", motion.proposer().toString());
    facts.put("voteStart", motion.start().toString());
    facts.put("voteEnd", motion.end().toString());
    facts.put("for", Terminal.sno(tally.inFavour()));
    facts.put("against", Terminal.sno(tally.against()));
    facts.put("abstaining", Terminal.sno(tally.abstaining()));
    facts.put("quorum", Terminal.sno(tally.quorum()));
    governance
        .executableFrom(motion)
        .map(Instant::toString)
        .ifPresent(time -> facts.put("executableFrom", time));
    facts.put(
        "calls",
        motion.proposal().calls().stream()
            .map(call -> call.to().orElseThrow() + " " + call.data())
            .toList());
    return facts;
  }

  /** What can be done with a proposal now. */
  static String next(Governance governance, Governance.Motion motion) {
    String id = motion.id().toString().substring(0, 12);
    return switch (governance.state(motion)) {
      case PENDING -> "the vote begins at " + motion.start();
      case ACTIVE -> "'smartnodes governance vote " + id + " for' until " + motion.end();
      case SUCCEEDED -> "'smartnodes governance queue " + id + "'";
      case QUEUED ->
          "'smartnodes governance execute "
              + id
              + "' from "
              + governance.executableFrom(motion).map(Instant::toString).orElse("now")
              + " on";
      case EXECUTED -> "done; a parameter acts in the epoch after the one that consumes it";
      case DEFEATED -> "nothing: too few were for it";
      case CANCELED -> "nothing: it was withdrawn";
      case EXPIRED -> "nothing: it was not executed in time";
    };
  }
}
