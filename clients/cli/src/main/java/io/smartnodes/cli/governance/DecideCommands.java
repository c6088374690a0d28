package io.smartnodes.cli.governance;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** From a proposal to its execution. */
final class DecideCommands {
  private static final Duration LONGEST = Duration.ofDays(61);

  private DecideCommands() {}

  /** {@code smartnodes governance vote}. */
  @Command(
      name = "vote",
      mixinStandardHelpOptions = true,
      description = "Votes with the SNO that was delegated to the account before the vote began.",
      footer = {
        "",
        "Examples:",
        "  smartnodes governance vote 0x3fa91c… for",
        "  smartnodes governance vote 0x3fa91c… against --wait",
        "",
        "Exit codes: 0 voted, 1 refused, 2 wrong usage."
      })
  static final class Vote implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "id of a motion, or its beginning")
    private String id = "";

    @Parameters(paramLabel = "VOTE", description = "${COMPLETION-CANDIDATES}")
    private Proposal.Support support = Proposal.Support.ABSTAIN;

    @Option(names = "--wait", description = "wait until the vote has begun")
    private boolean wait;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Governance governance = new Governance(chain);
      Governance.Motion motion = governance.find(id);
      if (wait) {
        output.terminal().step("Waiting for the vote, which begins at " + motion.start());
        chain.await("the vote", LONGEST, () -> governance.state(motion) != Proposal.State.PENDING);
      }
      return done(output, governance, motion, governance.vote(motion, support));
    }
  }

  /** {@code smartnodes governance queue}. */
  @Command(
      name = "queue",
      mixinStandardHelpOptions = true,
      description = "Hands an accepted proposal to the timelock; anybody may.",
      footer = {
        "",
        "Example:",
        "  smartnodes governance queue 0x3fa91c… --wait",
        "",
        "Exit codes: 0 queued, 1 refused, 2 wrong usage."
      })
  static final class Queue implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "id of a motion, or its beginning")
    private String id = "";

    @Option(names = "--wait", description = "wait for the end of the vote")
    private boolean wait;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Governance governance = new Governance(chain);
      Governance.Motion motion = governance.find(id);
      if (wait) {
        output.terminal().step("Waiting for the end of the vote at " + motion.end());
        chain.await("the end of the vote", LONGEST, () -> chain.time().isAfter(motion.end()));
      }
      return done(output, governance, motion, governance.queue(motion));
    }
  }

  /** {@code smartnodes governance execute}. */
  @Command(
      name = "execute",
      mixinStandardHelpOptions = true,
      description = "Executes what the timelock has let wait; anybody may.",
      footer = {
        "",
        "Example:",
        "  smartnodes governance execute 0x3fa91c… --wait",
        "",
        "Exit codes: 0 executed, 1 refused, 2 wrong usage."
      })
  static final class Execute implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "id of a motion, or its beginning")
    private String id = "";

    @Option(names = "--wait", description = "wait for the end of the timelock")
    private boolean wait;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Governance governance = new Governance(chain);
      Governance.Motion motion = governance.find(id);
      if (wait) {
        output.terminal().step("Waiting for the timelock");
        chain.await(
            "the end of the timelock",
            LONGEST,
            () ->
                governance
                    .executableFrom(motion)
                    .filter(from -> !chain.time().isBefore(from))
                    .isPresent());
      }
      return done(output, governance, motion, governance.execute(motion));
    }
  }

  /** {@code smartnodes governance delegate}. */
  @Command(
      name = "delegate",
      mixinStandardHelpOptions = true,
      description = "Lets an account vote with one's SNO: who holds SNO has no vote before this.",
      footer = {
        "",
        "Examples:",
        "  smartnodes governance delegate              to oneself",
        "  smartnodes governance delegate 0x90f8…",
        "",
        "Exit codes: 0 delegated, 1 refused, 2 wrong usage."
      })
  static final class Delegate implements Callable<Integer> {
    @Parameters(
        paramLabel = "ACCOUNT",
        arity = "0..1",
        converter = AddressConverter.class,
        description = "default: one's own account")
    private @Nullable Address to;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Governance governance = new Governance(chain);
      Address delegate = to == null ? chain.account() : to;
      Receipt receipt = governance.delegate(delegate);
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("delegate", delegate.toString());
      answer.put("votes", Terminal.sno(governance.votes(delegate)));
      answer.put("transactionHash", receipt.transactionHash().toString());
      output.show(answer);
      return ExitCode.OK;
    }
  }

  private static int done(
      OutputOption output, Governance governance, Governance.Motion motion, Receipt receipt)
      throws IOException {
    Map<String, Object> facts = GovernanceCommand.facts(governance, motion);
    facts.put("next", GovernanceCommand.next(governance, motion));
    facts.put("transactionHash", receipt.transactionHash().toString());
    output.show(facts);
    return ExitCode.OK;
  }
}
