package io.smartnodes.proposer;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proposer.store.TransactionStore;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.StateStructs;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys of this validator, its deployment and its way to the chain. Keys: {@code
 * smartnodes.deployment}, {@code smartnodes.operator}, {@code smartnodes.rpc.url}, {@code
 * smartnodes.keystore.file}, {@code smartnodes.keystore.password-file}, {@code
 * smartnodes.account.keystore-file} and, where it differs, {@code
 * smartnodes.account.password-file}.
 */
@Singleton
public class Node {
  /** How long an attempt to execute may stand in no block before its fee is raised. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Deployment deployment;
  private final Address operator;
  private final NodeKey nodeKey;
  private final NodeKey account;
  private final Path keystore;
  private final ChainClient client;
  private final TransactionStore transactions;
  private volatile Optional<TransactionSender> sender = Optional.empty();

  /** Called by the container. */
  @Inject
  public Node(
      @ConfigProperty(name = "smartnodes.deployment") String deployment,
      @ConfigProperty(name = "smartnodes.operator") String operator,
      @ConfigProperty(name = "smartnodes.rpc.url") URI rpc,
      @ConfigProperty(name = "smartnodes.keystore.file") String keystore,
      @ConfigProperty(name = "smartnodes.keystore.password-file") String password,
      @ConfigProperty(name = "smartnodes.account.keystore-file") String account,
      @ConfigProperty(name = "smartnodes.account.password-file") Optional<String> accountPassword,
      TransactionStore transactions) {
    try {
      this.deployment = Deployments.read(Path.of(deployment));
      this.nodeKey = key(keystore, password);
      this.account = key(account, accountPassword.orElse(password));
    } catch (IOException e) {
      throw new UncheckedIOException("the validator's files cannot be read: " + e.getMessage(), e);
    }
    this.keystore = Path.of(keystore);
    this.operator = Address.fromHex(operator);
    this.client = new ChainClient(rpc);
    this.transactions = transactions;
  }

  private static NodeKey key(String file, String password) throws IOException {
    return Keystore.read(Path.of(file), Files.readString(Path.of(password)).strip());
  }

  /** The deployment that this validator belongs to. */
  public Deployment deployment() {
    return deployment;
  }

  /** The parameters that the epoch after a state follows; those of genesis before there is one. */
  public ProtocolParameters parameters(StateSnapshot state) {
    return state
        .leaf(LeafKey.PARAMETERS.type().code(), LeafKey.PARAMETERS.key())
        .map(leaf ->
            ProtocolParameters.of(StateStructs.fromProto(leaf.getParameters(), "parameters")))
        .orElseGet(() -> new ProtocolParameters(deployment.genesis().parameters()));
  }

  /** The operator's account. */
  public Address operator() {
    return operator;
  }

  /** The node key; only the signer uses it. */
  public NodeKey nodeKey() {
    return nodeKey;
  }

  /** The file of the node key. */
  public Path keystore() {
    return keystore;
  }

  /** The chain's node. */
  public ChainClient client() {
    return client;
  }

  /** The contracts of the deployment. */
  public SmartnodesContracts contracts() {
    return Deployer.contracts(client, deployment);
  }

  /** Sends with the operator's account; connects at the first call. */
  public synchronized TransactionSender sender() {
    if (sender.isEmpty()) {
      sender = Optional.of(new TransactionSender(client, account, transactions, PATIENCE));
    }
    return sender.orElseThrow();
  }

  /**
   * Checks that the chain is the deployment's.
   *
   * @throws io.smartnodes.chain.ChainFailure with one line that says what does not fit
   */
  public void verify() {
    Deployer.verify(client, deployment);
  }

  @Produces
  @Singleton
  Endorser endorser() {
    return Endorser.of(nodeKey, EndorsementRule.of(deployment.chainId(), deployment.core()));
  }

  @Produces
  @Singleton
  @Identifier("chain-proposer")
  StateView state(Tx tx) {
    return new StateView(Rows.UNIT, tx);
  }

  @Produces
  @Singleton
  @Identifier("chain-proposer")
  TopicsPublished topics() {
    return new TopicsPublished(Rows.UNIT, Set.of("chain.v1", "epoch.v1"));
  }

  @PreDestroy
  void close() {
    client.close();
  }
}
