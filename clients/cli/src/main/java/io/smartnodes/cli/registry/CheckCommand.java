package io.smartnodes.cli.registry;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.proto.attestation.v1.AttestationGrpc;
import io.smartnodes.proto.attestation.v1.ListCertificatesRequest;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.GetEpochRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code smartnodes network check}: whether the services of one validator answer strangers where
 * they are announced, with the key that they should have. Reads only; needs no role.
 */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Shakes hands with every service of a validator as a stranger: the address answers, with"
            + " mutual TLS, and proves the peer id. With --rpc also that the chain has the deployment.",
    footer = {
      "",
      "Example:",
      "  smartnodes network check --deployment deployment.json --peer 0x1f… \\",
      "      --service peer-registry=validator.example:7443 \\",
      "      --service job-router=validator.example:7444",
      "",
      "Exit codes: 0 all answer, 1 one does not, 2 wrong usage."
    })
final class CheckCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long PATIENCE_SECONDS = 10;

  private static final Map<String, Consumer<Channel>> QUESTIONS =
      Map.of(
          NetworkClient.REGISTRY,
          channel ->
              PeerRegistryGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .listValidators(ListValidatorsRequest.getDefaultInstance()),
          NetworkClient.ROUTER,
          channel ->
              JobRouterGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .getJob(GetJobRequest.getDefaultInstance()),
          NetworkClient.ATTESTATION,
          channel ->
              AttestationGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .listCertificates(ListCertificatesRequest.getDefaultInstance()),
          NetworkClient.LEDGER,
          channel ->
              LedgerGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .getHead(GetHeadRequest.getDefaultInstance()),
          NetworkClient.PROPOSER,
          channel ->
              EpochsGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                  .getEpoch(GetEpochRequest.getDefaultInstance()));

  @Option(
      names = "--deployment",
      paramLabel = "FILE",
      required = true,
      description = "deployment.json of the network")
  private Path deployment = Path.of("deployment.json");

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      required = true,
      description = "peer id that every service has to prove")
  private String peer = "";

  @Option(
      names = "--service",
      paramLabel = "NAME=HOST:PORT",
      required = true,
      description = "what to call; NAME is the name of one of the five services")
  private Map<String, String> services = new LinkedHashMap<>();

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      defaultValue = "${env:SMARTNODES_RPC_URL:-" + Option.NULL_VALUE + "}",
      description = "node of the chain (default: SMARTNODES_RPC_URL, if set)")
  private @Nullable URI rpc;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long to try again (default: ${DEFAULT-VALUE})")
  private long seconds = 60;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    for (String name : services.keySet()) {
      if (!QUESTIONS.containsKey(name)) {
        throw new UsageProblem(
            "--service: nothing is called '" + name + "'; there are " + QUESTIONS.keySet());
      }
    }
    Deployment read = Deployments.read(deployment);
    PeerId expected = PeerId.fromHex(peer);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("peer", expected.toString());
    URI node = rpc;
    if (node != null) {
      SmartnodesContracts contracts =
          new SmartnodesContracts(new ChainClient(node, ChainClient.PATIENT), read);
      answer.put("epoch", contracts.core().epoch());
      answer.put("stateRoot", contracts.core().stateRoot().toString());
    }
    boolean all = true;
    Instant end = Instant.now().plusSeconds(seconds);
    // Whoever asks has no role anywhere: a key of this moment is enough.
    Identity stranger =
        new Identity(NodeKey.generate(new SecureRandom()), NodeKey.generate(new SecureRandom()));
    List<Bootstrap> starts =
        services.values().stream().map(address -> new Bootstrap(expected, address)).toList();
    try (NetworkClient network =
        new NetworkClient(read.domain(), stranger, starts, InstantSource.system())) {
      for (Map.Entry<String, String> service : services.entrySet()) {
        Optional<String> problem = problem(network, expected, service, end);
        all &= problem.isEmpty();
        answer.put(service.getKey(), service.getValue() + ": " + problem.orElse("answers"));
      }
    }
    output.show(answer);
    return all ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static Optional<String> problem(
      NetworkClient network, PeerId expected, Map.Entry<String, String> service, Instant end)
      throws InterruptedException {
    Consumer<Channel> question = QUESTIONS.get(service.getKey());
    if (question == null) {
      return Optional.of("nothing is called so");
    }
    while (true) {
      Optional<String> problem = ask(question, network, expected, service.getValue());
      if (problem.isEmpty() || Instant.now().isAfter(end)) {
        return problem;
      }
      Thread.sleep(PAUSE);
    }
  }

  /** A refusal of the stranger comes from behind the handshake: the service is there and well. */
  private static Optional<String> ask(
      Consumer<Channel> question, NetworkClient network, PeerId expected, String address) {
    try {
      question.accept(network.channel(expected, address));
      return Optional.empty();
    } catch (StatusRuntimeException refused) {
      boolean stranger =
          Errors.read(refused)
              .filter(refusal -> refusal.code() == ErrorCode.ERROR_CODE_STRANGER)
              .isPresent();
      return stranger ? Optional.empty() : Optional.of(reason(refused));
    }
  }

  private static String reason(StatusRuntimeException failed) {
    StringBuilder reason = new StringBuilder(String.valueOf(failed.getMessage()));
    for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
      reason.append(": ").append(cause.getMessage());
    }
    return reason.toString();
  }
}
