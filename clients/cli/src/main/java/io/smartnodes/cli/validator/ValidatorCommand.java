package io.smartnodes.cli.validator;

import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes validator}. */
@Command(
    name = "validator",
    mixinStandardHelpOptions = true,
    description =
        "What operators do on the chain: join, change keys, leave, take the stake back. Needs no"
            + " validator to answer.",
    subcommands = {
      ValidatorCommand.Status.class,
      EnterCommands.Join.class,
      EnterCommands.TopUp.class,
      EnterCommands.Rotate.class,
      LeaveCommands.Exit.class,
      LeaveCommands.Rejoin.class,
      LeaveCommands.CompleteExit.class,
      LeaveCommands.Withdraw.class,
      ReportCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class ValidatorCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem(
        "a command is missing: validator status | join | top-up | rotate | exit | rejoin |"
            + " complete-exit | withdraw | report");
  }

  /** {@code smartnodes validator status}. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Shows the set that votes, and where an operator stands.",
      footer = {
        "",
        "Examples:",
        "  smartnodes validator status                     the set, and one's own account",
        "  smartnodes validator status 0x90f8… -o json     one operator",
        "",
        "Exit codes: 0 found, 1 the chain does not answer, 2 wrong usage."
      })
  static final class Status implements Callable<Integer> {
    @Parameters(
        paramLabel = "OPERATOR",
        arity = "0..1",
        converter = AddressConverter.class,
        description = "default: one's own account")
    private @Nullable Address operator;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      Address who = operator == null ? chain.account() : operator;
      Map<String, Object> answer = facts(who, stakes.operator(who));
      answer.put("minimumStake", Terminal.sno(stakes.minimumStake()));
      List<Stakes.Member> set = stakes.set();
      answer.put("set", set.stream().map(member -> member(stakes, member)).toList());
      output.show(answer);
      return ExitCode.OK;
    }
  }

  private static Map<String, String> member(Stakes stakes, Stakes.Member member) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("operator", member.operator().toString());
    facts.put("node", member.node().toString());
    facts.put("standing", stakes.operator(member.operator()).standing().name());
    return facts;
  }

  /** An operator as people and machines read it. */
  static Map<String, Object> facts(Address operator, OperatorInfo info) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("operator", operator.toString());
    facts.put("standing", info.standing().name());
    facts.put("meaning", meaning(info));
    facts.put("inSet", info.inSet());
    facts.put("stake", Terminal.sno(info.stake()));
    facts.put("node", info.nodeAddress().toString());
    facts.put("payout", info.payout().toString());
    facts.put("since", info.since().toString());
    return facts;
  }

  private static String meaning(OperatorInfo info) {
    return switch (info.standing()) {
      case NONE -> "no stake: 'smartnodes validator join' asks to enter the set";
      case FOUNDER -> "named at deployment; its stake is missing";
      case QUEUED -> "enters the set at the first execution after " + info.since();
      case ACTIVE -> "votes";
      case EXITING ->
          "leaves at the next set; from " + info.since() + " on 'complete-exit' ends the notice";
      case UNBONDING -> "out; 'withdraw' pays the stake back from " + info.since() + " on";
      case SLASHED -> "signed twice and lost its stake, for good";
    };
  }

  /** Tells how an action ended. */
  static int done(
      OutputOption output, Stakes stakes, Address operator, String transaction, String next)
      throws java.io.IOException {
    Map<String, Object> answer = facts(operator, stakes.operator(operator));
    answer.put("transactionHash", transaction);
    if (output.isJson()) {
      output.print(answer);
    } else {
      output.show(answer);
      output.terminal().success(next);
    }
    return ExitCode.OK;
  }
}
