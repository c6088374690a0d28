package io.smartnodes.chain.deploy;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.DeployedContract;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * Creates the contracts at addresses that are known before (each names the others), writes the
 * deployment file and pays in the stakes of the founders whose keys are at hand. Running it again
 * completes what is missing, after whatever step it stopped: what stands on the chain decides, and
 * a note beside the file remembers where it began. Blocks.
 */
public final class Deployer {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(500);

  private final ChainClient client;
  private final NodeKey account;

  /** A deployer that pays from an account; nothing else may use the account meanwhile. */
  public Deployer(ChainClient client, NodeKey account) {
    this.client = client;
    this.account = account;
  }

  /**
   * Deploys, unless the file names a deployment of this chain already.
   *
   * @throws IOException if a file cannot be read or written
   * @throws ChainFailure if the chain is another one, other code stands where the contracts should,
   *     or a step fails
   */
  public Deployment deploy(DeploymentPlan plan, Path file) throws IOException {
    long chainId = client.chainId();
    if (chainId != plan.profile().chainId()) {
      throw new ChainFailure(
          "the node serves chain %d, the network %s is on %d"
              .formatted(chainId, plan.profile().name(), plan.profile().chainId()));
    }
    Deployment deployment;
    if (Files.exists(file)) {
      deployment = Deployments.read(file);
      verify(client, deployment);
    } else {
      deployment = create(plan, file);
    }
    new FounderStakes(client, deployment).payAll(plan, account);
    return deployment;
  }

  /** The contracts of a deployment. */
  public static SmartnodesContracts contracts(ChainClient client, Deployment deployment) {
    return new SmartnodesContracts(client, deployment);
  }

  /**
   * Checks that a deployment stands on the chain that the client talks to: chain, code of every
   * contract, domain and genesis.
   *
   * @throws ChainFailure with one line that says what does not fit
   */
  public static void verify(ChainClient client, Deployment deployment) {
    new DeploymentCheck(client, deployment).run();
  }

  private Deployment create(DeploymentPlan plan, Path file) throws IOException {
    Path note = DeploymentDraft.beside(file);
    DeploymentDraft draft = Files.exists(note) ? DeploymentDraft.read(note) : begin(plan, note);
    DeploymentLayout layout =
        DeploymentLayout.of(plan, account.address(), draft.nonce(), draft.time());
    checkSame(draft, layout, note);
    TransactionSender sender = TransactionSender.inMemory(client, account);
    Map<ContractName, DeployedContract> contracts = new EnumMap<>(ContractName.class);
    long nonce = draft.nonce();
    for (ContractName name : ContractName.values()) {
      contracts.put(name, contract(name, nonce++, draft.block(), layout, sender));
    }
    Deployment deployment =
        new Deployment(draft.chainId(), contracts, layout.genesisRoot(), layout.genesis());
    verify(client, deployment);
    Deployments.write(file, deployment);
    Files.delete(note);
    return deployment;
  }

  private DeploymentDraft begin(DeploymentPlan plan, Path note) throws IOException {
    long block = client.headNumber();
    Instant time = client.block(block).orElseThrow().time();
    awaitMined();
    long nonce = client.nonce(account.address());
    DeploymentLayout layout = DeploymentLayout.of(plan, account.address(), nonce, time);
    DeploymentDraft draft =
        new DeploymentDraft(client.chainId(), account.address(), nonce, block, time, layout.hash());
    draft.write(note);
    return draft;
  }

  private void checkSame(DeploymentDraft draft, DeploymentLayout layout, Path note) {
    if (draft.chainId() != client.chainId()) {
      throw new ChainFailure(
          "the deployment that %s tells of began on chain %d, the node serves %d"
              .formatted(note, draft.chainId(), client.chainId()));
    }
    if (!draft.creator().equals(account.address())) {
      throw new ChainFailure(
          "the deployment that %s tells of was begun by %s".formatted(note, draft.creator()));
    }
    if (!draft.planHash().equals(layout.hash())) {
      throw new ChainFailure(
          "the plan is not the one that %s tells of: go on with that one, or remove the file"
              .formatted(note));
    }
  }

  private DeployedContract contract(
      ContractName name,
      long nonce,
      long before,
      DeploymentLayout layout,
      TransactionSender sender) {
    ContractArtifact artifact = ContractArtifact.of(name);
    Address address = layout.address(name);
    Bytes arguments = layout.arguments(name);
    long block;
    if (client.code(address).size() == 0 && !isMinedMeanwhile(address)) {
      long next = client.nonce(account.address());
      if (next != nonce) {
        throw new ChainFailure(
            "%s sent something else in between: its next nonce is %d, %s needs %d"
                .formatted(account.address(), next, name.source(), nonce));
      }
      block = Steps.expect(sender, name.source(), artifact.creation(arguments)).blockNumber();
    } else {
      block = creationBlock(address, before);
    }
    Bytes code = client.code(address);
    if (!artifact.matches(code)) {
      throw new ChainFailure("the code at %s is no %s".formatted(address, name.source()));
    }
    return new DeployedContract(address, block, code.keccak(), arguments);
  }

  /** Whether a creation that an earlier run had sent was what the node was waiting to mine. */
  private boolean isMinedMeanwhile(Address address) {
    return awaitMined() && client.code(address).size() > 0;
  }

  /** Waits for what the account sent before; whether there was anything. */
  private boolean awaitMined() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean waited = false;
    while (client.pendingNonce(account.address()) > client.nonce(account.address())) {
      waited = true;
      if (System.nanoTime() > end) {
        throw new ChainFailure(
            "a transaction of " + account.address() + " stands in no block for " + PATIENCE);
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChainFailure("interrupted while waiting for a block", e);
      }
    }
    return waited;
  }

  /** The first block after which the contract stands, above a block at which it did not. */
  private long creationBlock(Address address, long before) {
    long without = before;
    long with = client.headNumber();
    while (with - without > 1) {
      long middle = (with + without) >>> 1;
      if (client.codeAt(address, middle).size() > 0) {
        with = middle;
      } else {
        without = middle;
      }
    }
    return with;
  }
}
