package io.smartnodes.cli.money;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.AddressConverter;
import io.smartnodes.cli.terminal.AmountConverter;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smartnodes release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description =
        "Asks for money back that a home could promise, on the chain and without the home. Two"
            + " epochs after the one that consumes it, 'smartnodes claim' pays what no job holds.",
    footer = {
      "",
      "Examples:",
      "  smartnodes release 5 --home 0x90f8…      from one home",
      "  smartnodes release 5 --free              from the free balance",
      "  smartnodes release 5 --home 0x90f8… --asset 0x0000000000000000000000000000000000000000",
      "",
      "Exit codes: 0 queued, 1 refused, 2 wrong usage."
    })
public final class ReleaseCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "AMOUNT",
      converter = AmountConverter.class,
      description = "at most this much, in coins of 18 decimals")
  private Amount amount = Amount.ZERO;

  @Option(
      names = "--home",
      paramLabel = "OPERATOR",
      converter = AddressConverter.class,
      description = "the validator that it was deposited to")
  private @Nullable Address home;

  @Option(names = "--free", description = "from the free balance, which no home can promise")
  private boolean free;

  @Option(
      names = "--asset",
      paramLabel = "ASSET",
      converter = AddressConverter.class,
      description = "default: SNO; zero: the native coin")
  private @Nullable Address asset;

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    if (free == (home != null)) {
      throw new UsageProblem("say where the money is: --home OPERATOR, or --free");
    }
    OnChain chain = connection.chain();
    Address what = asset == null ? chain.deployment().token() : asset;
    Address where = home == null ? Address.ZERO : home;
    Receipt receipt = chain.send("release", chain.contracts().core().release(what, where, amount));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("transactionHash", receipt.transactionHash().toString());
    answer.put("inboxLength", chain.contracts().core().inboxLength());
    answer.put("inboxConsumed", chain.contracts().core().inboxConsumed());
    output.show(answer);
    if (!output.isJson()) {
      output
          .terminal()
          .success("queued; 'smartnodes claim " + chain.account() + "' pays it in about 3 epochs");
    }
    return ExitCode.OK;
  }
}
