package io.smartnodes.cli.contracts;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.chain.contracts.OperatorInfo;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.FounderStakes;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes contracts stake}. */
@Command(
    name = "stake",
    mixinStandardHelpOptions = true,
    description = {
      "Pays in the stake of a founder, with its node key's proof of possession.",
      "Nothing executes before all founders have done so; who has is left alone."
    },
    footer = {
      "",
      "Example:",
      "  smartnodes contracts stake --deployment deployment.json --rpc https://rpc.example \\",
      "    --keystore account.json --node-keystore node.json --password-file password",
      "",
      "Exit codes: 0 staked, 1 refused, 2 wrong usage."
    })
final class StakeCommand implements Callable<Integer> {
  @Option(
      names = "--deployment",
      paramLabel = "FILE",
      required = true,
      description = "the network's deployment.json")
  private Path deployment = Path.of("deployment.json");

  @Option(names = "--rpc", paramLabel = "URL", required = true, description = "node of the chain")
  private URI rpc = URI.create("http://127.0.0.1:8545");

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      required = true,
      description = "the operator's account, which has the stake and gas money")
  private Path keystore = Path.of("account.json");

  @Option(
      names = "--node-keystore",
      paramLabel = "FILE",
      required = true,
      description = "the node key that the deployment names")
  private Path nodeKeystore = Path.of("node.json");

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      required = true,
      description = "password of both keystores")
  private Path passwordFile = Path.of("password");

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    Deployment read = Deployments.read(deployment);
    String password = Files.readString(passwordFile).strip();
    NodeKey account = Keystore.read(keystore, password);
    NodeKey node = Keystore.read(nodeKeystore, password);
    try (ChainClient client = new ChainClient(rpc, ChainClient.PATIENT)) {
      Deployer.verify(client, read);
      new FounderStakes(client, read).pay(account, node);
      MultisigCalls multisig = Deployer.contracts(client, read).multisig();
      OperatorInfo founder = multisig.operatorInfo(account.address());
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("operator", account.address().toString());
      answer.put("standing", founder.standing().name());
      answer.put("stake", founder.stake().toString());
      answer.put("stakesMissing", multisig.stakesMissing());
      output.show(answer);
    }
    return ExitCode.OK;
  }
}
