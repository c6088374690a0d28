package io.smartnodes.chain.deploy;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.chain.contracts.SmartnodesContracts;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.DeployedContract;
import io.smartnodes.wire.deployment.Deployment;

/** Compares a deployment file with the chain. */
final class DeploymentCheck {
  private final ChainClient client;
  private final Deployment deployment;

  DeploymentCheck(ChainClient client, Deployment deployment) {
    this.client = client;
    this.deployment = deployment;
  }

  /** Throws {@link ChainFailure} with one line that says what does not fit. */
  void run() {
    long chainId = client.chainId();
    if (chainId != deployment.chainId()) {
      throw new ChainFailure(
          "the node serves chain " + chainId + ", the deployment is on " + deployment.chainId());
    }
    deployment.contracts().forEach(this::code);
    CoreCalls core = new SmartnodesContracts(client, deployment).core();
    if (!core.domainSeparator().equals(deployment.domain().separator())) {
      throw new ChainFailure("the contract at " + deployment.core() + " has another domain");
    }
    if (!core.genesisStateRoot().equals(deployment.genesisRoot())) {
      throw new ChainFailure("Core starts from another state than the deployment's genesis");
    }
  }

  private void code(ContractName name, DeployedContract contract) {
    Bytes code = client.code(contract.address());
    if (code.size() == 0) {
      throw new ChainFailure(
          "chain %d has no %s at %s"
              .formatted(deployment.chainId(), name.source(), contract.address()));
    }
    if (!code.keccak().equals(contract.codeHash())) {
      throw new ChainFailure(
          "the code at %s is not the %s that was deployed"
              .formatted(contract.address(), name.source()));
    }
  }
}
