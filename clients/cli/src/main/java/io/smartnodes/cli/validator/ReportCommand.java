package io.smartnodes.cli.validator;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.protocol.Amount;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes validator report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Proves on the chain that a validator signed two things that exclude each other. It loses"
            + " its stake at once; the reporter gets at most 5 per cent, the rest is burnt.",
    footer = {
      "",
      "Examples:",
      "  smartnodes validator report proof.json",
      "",
      "The file: {\"doubleVote\": {\"epoch\": 7, \"round\": 0,",
      "            \"first\": {\"digest\": \"0x…\", \"signature\": \"0x…\"}, \"second\": {…}}}",
      "or {\"doubleAck\": {\"first\": {\"receipt\": {…}, \"signature\": \"0x…\"}, \"second\": {…}}}",
      "",
      "Exit codes: 0 proven, 1 refused, 2 wrong usage."
    })
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "the two signatures")
  private Path file = Path.of("proof.json");

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    DoubleSigning proof = DoubleSigning.read(file);
    OnChain chain = connection.chain();
    Amount before = chain.contracts().token().balanceOf(chain.account());
    Receipt receipt = chain.send("report", proof.call(chain.contracts().multisig()));
    Amount reward = chain.contracts().token().balanceOf(chain.account()).minus(before);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("transactionHash", receipt.transactionHash().toString());
    answer.put("reward", output.isJson() ? reward.toString() : Terminal.sno(reward));
    output.show(answer);
    if (!output.isJson()) {
      output.terminal().success("proven: the stake is taken");
    }
    return ExitCode.OK;
  }
}
