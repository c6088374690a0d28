package io.smartnodes.cli.validator;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.crypto.Address;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Leaving the set, coming back, and taking the stake home. */
final class LeaveCommands {
  private LeaveCommands() {}

  /** {@code smartnodes validator exit}. */
  @Command(
      name = "exit",
      mixinStandardHelpOptions = true,
      description =
          "Asks to leave. Keep the validator running until the set has it no more: it votes and"
              + " attests until then.",
      footer = {
        "",
        "Example:",
        "  smartnodes validator exit --as validator-2",
        "",
        "Exit codes: 0 asked, 1 refused, 2 wrong usage."
      })
  static final class Exit implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      Receipt receipt = stakes.exit();
      return ValidatorCommand.done(
          output,
          stakes,
          chain.account(),
          receipt.transactionHash().toString(),
          "asked; 'complete-exit' after the notice leaves even when nothing executes");
    }
  }

  /** {@code smartnodes validator rejoin}. */
  @Command(
      name = "rejoin",
      mixinStandardHelpOptions = true,
      description = "Undoes an exit or an ejection while the stake is still there.",
      footer = {
        "",
        "Example:",
        "  smartnodes validator rejoin --as validator-2",
        "",
        "Exit codes: 0 queued, 1 refused, 2 wrong usage."
      })
  static final class Rejoin implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      Receipt receipt = stakes.rejoin();
      return ValidatorCommand.done(
          output,
          stakes,
          chain.account(),
          receipt.transactionHash().toString(),
          "queued; 'smartnodes validator status' tells when it votes");
    }
  }

  /** {@code smartnodes validator complete-exit}. */
  @Command(
      name = "complete-exit",
      mixinStandardHelpOptions = true,
      description = "Ends the notice of an operator whose time has come; anybody may.",
      footer = {
        "",
        "Examples:",
        "  smartnodes validator complete-exit --as validator-2",
        "  smartnodes validator complete-exit 0x90f8…      somebody else's",
        "",
        "Exit codes: 0 out, 1 refused, 2 wrong usage."
      })
  static final class CompleteExit implements Callable<Integer> {
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
      Receipt receipt = stakes.completeExit(who);
      return ValidatorCommand.done(
          output,
          stakes,
          who,
          receipt.transactionHash().toString(),
          "out; its votes count no more");
    }
  }

  /** {@code smartnodes validator withdraw}. */
  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Pays the stake back to the payout address after the unbonding time.",
      footer = {
        "",
        "Example:",
        "  smartnodes validator withdraw --as validator-2",
        "",
        "Exit codes: 0 paid, 1 refused, 2 wrong usage."
      })
  static final class Withdraw implements Callable<Integer> {
    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Stakes stakes = new Stakes(chain);
      Receipt receipt = stakes.withdraw();
      return ValidatorCommand.done(
          output, stakes, chain.account(), receipt.transactionHash().toString(), "paid back");
    }
  }
}
