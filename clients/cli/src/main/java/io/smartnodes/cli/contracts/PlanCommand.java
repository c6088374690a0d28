package io.smartnodes.cli.contracts;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.chain.deploy.ScriptInput;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code smartnodes contracts plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a plan with all terms of its network as JSON: what founders compare before they",
      "deploy, and what contracts/script/Deploy.s.sol takes in SMARTNODES_PLAN."
    },
    footer = {
      "",
      "Example:",
      "  smartnodes contracts plan --network base --plan founders.yaml --rpc https://rpc.example",
      "",
      "Exit codes: 0 printed, 1 failed, 2 wrong usage."
    })
final class PlanCommand implements Callable<Integer> {
  @Option(
      names = "--network",
      paramLabel = "NAME",
      required = true,
      description = "local, base-sepolia or base")
  private String network = NetworkProfile.LOCAL;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      required = true,
      description = "founders, allocation, treasury and seed")
  private Path plan = Path.of("founders.yaml");

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      required = true,
      description = "node of the chain: the time of its newest block becomes genesis")
  private URI rpc = URI.create("http://127.0.0.1:8545");

  @Override
  public Integer call() throws Exception {
    try (ChainClient client = new ChainClient(rpc, ChainClient.PATIENT)) {
      Instant genesis = client.block(client.headNumber()).orElseThrow().time();
      System.out.println(
          ScriptInput.of(PlanFile.read(plan, NetworkProfile.named(network)), genesis));
    }
    return ExitCode.OK;
  }
}
