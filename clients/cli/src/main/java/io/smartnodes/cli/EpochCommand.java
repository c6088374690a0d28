package io.smartnodes.cli;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.sdk.ValidatorNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes epoch}. */
@Command(
    name = "epoch",
    mixinStandardHelpOptions = true,
    description = "Epochs of the network.",
    subcommands = EpochCommand.Show.class,
    synopsisSubcommandLabel = "COMMAND")
final class EpochCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem("a command is missing: epoch show [NUMBER]");
  }

  /** {@code smartnodes epoch show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows an epoch: who proposed and voted, and what was executed.",
      footer = {
        "",
        "Examples:",
        "  smartnodes epoch show        the newest executed one",
        "  smartnodes epoch show 7 -o json",
        "",
        "Exit codes: 0 found, 1 no validator answers, 2 wrong usage."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(
        paramLabel = "NUMBER",
        arity = "0..1",
        defaultValue = "0",
        description = "default: the newest executed one")
    private long number;

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      try (Session session = connection.open()) {
        session.registerAsUser();
        StatusRuntimeException last = null;
        for (ValidatorNode validator : session.network().validators()) {
          try {
            show(session, session.state().epoch(validator, number));
            return ExitCode.OK;
          } catch (StatusRuntimeException failed) {
            last = failed;
          }
        }
        throw last == null ? new IllegalStateException("no validator is known") : last;
      }
    }

    private void show(Session session, EpochView view) throws java.io.IOException {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("epoch", view.getEpoch());
      all.put("executed", view.getExecuted());
      all.put("round", view.getRound());
      all.put("proposers", operators(view.getProposersList()));
      all.put("voters", operators(view.getVotersList()));
      all.put("validators", view.getValidators());
      all.put("digest", hex(view.getDigest()));
      all.put("transactionHash", hex(view.getTransactionHash()));
      all.put("blockNumber", view.getBlockNumber());
      all.put("gasUsed", view.getGasUsed());
      if (view.getExecuted()) {
        session
            .contracts()
            .core()
            .stateRootOf(view.getEpoch())
            .map(Bytes32::toString)
            .ifPresent(root -> all.put("stateRoot", root));
      }
      all.put("items", view.getItemsMap());
      all.put(
          "refusals",
          view.getRefusalsList().stream()
              .map(refusal -> refusal.getItem() + ": " + refusal.getReason())
              .toList());
      if (output.isJson()) {
        output.print(all);
        return;
      }
      Terminal terminal = Terminal.standard(false);
      all.forEach((name, value) ->
          terminal.plain(String.format(java.util.Locale.ROOT, "%-16s %s", name, value)));
    }

    private static List<String> operators(List<ByteString> operators) {
      return operators.stream()
          .map(operator -> Address.of(operator.toByteArray()).toString())
          .toList();
    }

    private static String hex(ByteString bytes) {
      return bytes.isEmpty() ? "" : Bytes.of(bytes.toByteArray()).toString();
    }
  }
}
