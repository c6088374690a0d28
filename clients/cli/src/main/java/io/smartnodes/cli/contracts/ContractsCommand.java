package io.smartnodes.cli.contracts;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.cli.network.LocalKeys;
import io.smartnodes.cli.network.LocalPlan;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smartnodes contracts}. */
@Command(
    name = "contracts",
    mixinStandardHelpOptions = true,
    description = "Deploys the contracts of a network and checks deployments.",
    subcommands = {
      ContractsCommand.Deploy.class,
      PlanCommand.class,
      StakeCommand.class,
      ContractsCommand.Verify.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class ContractsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem("a command is missing: contracts plan | deploy | stake | verify");
  }

  /** {@code smartnodes contracts deploy}. */
  @Command(
      name = "deploy",
      mixinStandardHelpOptions = true,
      description = {
        "Creates the seven contracts of a network and writes deployment.json.",
        "Run it again after an interruption: it goes on where it stopped, at the same addresses."
      },
      footer = {
        "",
        "Examples:",
        "  smartnodes contracts deploy --network local --rpc http://127.0.0.1:8545",
        "  smartnodes contracts deploy --network base-sepolia --rpc https://rpc.example \\",
        "    --plan founders.yaml --keystore deployer.json --password-file password",
        "",
        "Exit codes: 0 deployed, 1 failed, 2 wrong usage."
      })
  static final class Deploy implements Callable<Integer> {
    @Option(
        names = "--network",
        paramLabel = "NAME",
        required = true,
        description = "local, base-sepolia or base: which terms, and which chain")
    private String network = NetworkProfile.LOCAL;

    @Option(names = "--rpc", paramLabel = "URL", required = true, description = "node of the chain")
    private URI rpc = URI.create("http://127.0.0.1:8545");

    @Option(
        names = "--plan",
        paramLabel = "FILE",
        description = {
          "founders, allocation, treasury and seed;",
          "local without it: four founders whose keys everybody knows"
        })
    private @Nullable Path plan;

    @Option(
        names = "--keystore",
        paramLabel = "FILE",
        description = {
          "account that pays and sends nothing else meanwhile;",
          "local without it: the first account of a development chain"
        })
    private @Nullable Path keystore;

    @Option(names = "--password-file", paramLabel = "FILE", description = "of the keystore")
    private @Nullable Path passwordFile;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        defaultValue = "deployment.json",
        description = "what every node of the network reads (default: ${DEFAULT-VALUE})")
    private Path out = Path.of("deployment.json");

    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      NetworkProfile profile = NetworkProfile.named(network);
      DeploymentPlan contents = contents(profile);
      NodeKey account = account(profile);
      try (ChainClient client = new ChainClient(rpc, ChainClient.PATIENT)) {
        Deployment made = new Deployer(client, account).deploy(contents, out);
        Map<String, Object> answer = answer(out, made);
        answer.put("stakesMissing", Deployer.contracts(client, made).multisig().stakesMissing());
        output.show(answer);
      }
      return ExitCode.OK;
    }

    private DeploymentPlan contents(NetworkProfile profile) throws IOException {
      if (plan != null) {
        return PlanFile.read(plan, profile);
      }
      if (!isLocal(profile)) {
        throw new UsageProblem("--plan is missing: who founds " + network + "?");
      }
      return LocalPlan.of(new LocalKeys(0), LocalPlan.FOUNDERS);
    }

    private NodeKey account(NetworkProfile profile) throws IOException {
      if (keystore != null) {
        if (passwordFile == null) {
          throw new UsageProblem("--password-file is missing: the keystore needs its password");
        }
        return Keystore.read(keystore, Files.readString(passwordFile).strip());
      }
      if (!isLocal(profile)) {
        throw new UsageProblem("--keystore is missing: who deploys to " + network + "?");
      }
      return LocalPlan.DEPLOYER;
    }

    private static boolean isLocal(NetworkProfile profile) {
      return profile.name().equals(NetworkProfile.LOCAL);
    }
  }

  /** {@code smartnodes contracts verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Checks that a deployment stands on a chain: chain id, code of every contract, domain and",
        "genesis. Every validator does the same at its start."
      },
      footer = {
        "",
        "Example:",
        "  smartnodes contracts verify --deployment deployment.json --rpc https://rpc.example",
        "",
        "Exit codes: 0 it stands, 1 something differs, 2 wrong usage."
      })
  static final class Verify implements Callable<Integer> {
    @Option(
        names = "--deployment",
        paramLabel = "FILE",
        required = true,
        description = "the deployment.json to check")
    private Path deployment = Path.of("deployment.json");

    @Option(names = "--rpc", paramLabel = "URL", required = true, description = "node of the chain")
    private URI rpc = URI.create("http://127.0.0.1:8545");

    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Deployment read = Deployments.read(deployment);
      try (ChainClient client = new ChainClient(rpc, ChainClient.PATIENT)) {
        Deployer.verify(client, read);
      }
      output.show(answer(deployment, read));
      return ExitCode.OK;
    }
  }

  private static Map<String, Object> answer(Path file, Deployment deployment) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("deployment", file.toString());
    answer.put("chainId", deployment.chainId());
    deployment
        .contracts()
        .forEach((name, contract) -> answer.put(name.key(), contract.address().toString()));
    answer.put("genesisRoot", deployment.genesisRoot().toString());
    answer.put("firstBlock", deployment.firstBlock());
    return answer;
  }
}
