package io.smartnodes.cli.registry;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smartnodes network}. */
@Command(
    name = "network",
    mixinStandardHelpOptions = true,
    description =
        "Whether a validator answers; and the registry of networks: names, owners and manifests.",
    subcommands = {CheckCommand.class, NetworkCommand.Register.class, NetworkCommand.Show.class},
    synopsisSubcommandLabel = "COMMAND")
public final class NetworkCommand implements Callable<Integer> {
  private static final List<String> STATUS = List.of("NONE", "ACTIVE", "SUSPENDED", "RETIRED");

  @Override
  public Integer call() {
    throw new UsageProblem("a command is missing: network check | register | show");
  }

  /** {@code smartnodes network register}. */
  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Registers a network under a name that is free; first come, first served.",
      footer = {
        "",
        "Example:",
        "  smartnodes network register render-farm --manifest manifest.json",
        "",
        "Exit codes: 0 registered, 1 refused, 2 wrong usage."
      })
  static final class Register implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "at most 64 bytes; 'wasm' is built in")
    private String name = "";

    @Option(
        names = "--manifest",
        paramLabel = "FILE",
        required = true,
        description = "what its users agree on; the chain keeps the hash")
    private Path manifest = Path.of("manifest.json");

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Bytes32 hash = Keccak.hash(Files.readAllBytes(manifest));
      OnChain chain = connection.chain();
      Receipt receipt =
          chain.send("registration", chain.contracts().core().registerNetwork(name, hash));
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("name", name);
      answer.put("id", Keccak.text(name).toString());
      answer.put("owner", chain.account().toString());
      answer.put("manifestHash", hash.toString());
      answer.put("transactionHash", receipt.transactionHash().toString());
      output.show(answer);
      return ExitCode.OK;
    }
  }

  /** {@code smartnodes network show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows a network as the chain knows it.",
      footer = {
        "",
        "Example:",
        "  smartnodes network show render-farm",
        "",
        "Exit codes: 0 found, 1 nobody registered it, 2 wrong usage."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "its name")
    private String name = "";

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      OnChain chain = connection.chain();
      Bytes32 id = Keccak.text(name);
      CoreCalls.Network network =
          chain
              .contracts()
              .core()
              .network(id)
              .orElseThrow(() ->
                  new IllegalStateException(
                      "no network is called '" + name + "'; 'network register' takes the name"));
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("name", name);
      answer.put("id", id.toString());
      answer.put("owner", network.owner().toString());
      answer.put("manifestHash", network.manifestHash().toString());
      answer.put("status", STATUS.get(network.status()));
      output.show(answer);
      return ExitCode.OK;
    }
  }
}
