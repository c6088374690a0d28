package io.smartnodes.validator.ops.check;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.validator.ops.check.KeysCheck.Keys;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** The chain: the deployment's, with its contracts, and what it knows of this validator. */
record ChainCheck(Settings settings) {
  private static final String AREA = "chain";

  void run(Keys keys) {
    Optional<Deployment> deployment =
        settings.needFile(AREA, "smartnodes.deployment").flatMap(this::read);
    deployment.ifPresent(this::sameNetwork);
    Optional<URI> rpc = settings.need(AREA, "smartnodes.rpc.url").flatMap(this::address);
    if (deployment.isEmpty() || rpc.isEmpty()) {
      return;
    }
    try (ChainClient client = new ChainClient(rpc.get())) {
      Deployer.verify(client, deployment.get());
      keys.node().ifPresent(node -> standing(client, deployment.get(), node));
      keys.account().ifPresent(account -> gas(client, deployment.get(), account));
    } catch (ChainFailure e) {
      settings.problem(AREA, Settings.reason(e) + where(rpc.get(), e));
    } catch (RuntimeException e) {
      // Whatever an address that is no node of a chain answers.
      settings.problem(
          AREA, "what answers at " + rpc.get().getHost() + " is no node: " + Settings.reason(e));
    }
  }

  /** Addresses of nodes often hold a key: only the host is shown. */
  private static String where(URI rpc, ChainFailure e) {
    return e.getCause() == null ? "" : " at " + rpc.getHost() + ": is smartnodes.rpc.url right?";
  }

  private Optional<Deployment> read(Path file) {
    try {
      return Optional.of(Deployments.read(file));
    } catch (IOException | Malformed | IllegalArgumentException e) {
      settings.problem(AREA, "smartnodes.deployment: " + file + ": " + Settings.reason(e));
      return Optional.empty();
    }
  }

  private void sameNetwork(Deployment deployment) {
    settings
        .find("smartnodes.chain-id")
        .filter(id -> !id.equals(Long.toString(deployment.chainId())))
        .ifPresent(id ->
            settings.problem(
                AREA,
                "smartnodes.chain-id is %s, the deployment is on %d"
                    .formatted(id, deployment.chainId())));
    settings
        .find("smartnodes.core-address")
        .filter(core -> !core.equalsIgnoreCase(deployment.core().toString()))
        .ifPresent(core ->
            settings.problem(
                AREA,
                "smartnodes.core-address is %s, the deployment's Core is %s"
                    .formatted(core, deployment.core())));
  }

  private Optional<URI> address(String text) {
    Optional<URI> address = parsed(text).filter(uri -> uri.getHost() != null);
    if (address.isEmpty()) {
      // The text may hold a secret, so it is not repeated.
      settings.problem(
          AREA, "smartnodes.rpc.url is no address: it begins with http:// or https://");
    }
    return address;
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException notOne) {
      return Optional.empty();
    }
  }

  private void standing(ChainClient client, Deployment deployment, NodeKey node) {
    Optional<Address> serves =
        Deployer.contracts(client, deployment).core().operatorOf(node.address());
    Optional<String> operator = settings.need(AREA, "smartnodes.operator");
    if (serves.isEmpty()) {
      settings.warning(
          AREA,
          "unknown key: no validator has the node key %s; it follows but does not vote until its operator joins or rotates to it"
              .formatted(node.peerId()));
    } else if (operator.isPresent() && !serves.get().toString().equalsIgnoreCase(operator.get())) {
      settings.problem(
          AREA,
          "the node key %s serves operator %s, smartnodes.operator is %s"
              .formatted(node.peerId(), serves.get(), operator.get()));
    }
  }

  private void gas(ChainClient client, Deployment deployment, NodeKey account) {
    if (client.balance(account.address()).value().equals(BigInteger.ZERO)) {
      settings.warning(
          AREA,
          "account %s has no coins on chain %d: it cannot pay for transactions; send it some"
              .formatted(account.address(), deployment.chainId()));
    }
  }
}
