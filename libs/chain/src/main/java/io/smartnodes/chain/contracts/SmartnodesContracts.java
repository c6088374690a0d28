package io.smartnodes.chain.contracts;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.crypto.Address;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.Deployment;
import java.util.List;
import java.util.Optional;

/**
 * The contracts of a deployment, typed. Questions block and are answered for the newest block; what
 * changes something is a {@link ContractCall} for a {@link io.smartnodes.chain.TransactionSender}.
 * Safe for many threads.
 */
public final class SmartnodesContracts {
  private final ChainClient client;
  private final CoreCalls core;
  private final MultisigCalls multisig;
  private final GovernorCalls governor;
  private final GovernedCalls governed;
  private final TokenCalls token;

  /** The contracts of a deployment, as a node of the chain knows them; nothing is checked yet. */
  public SmartnodesContracts(ChainClient client, Deployment deployment) {
    this.client = client;
    Contract coreContract = new Contract(client, deployment.core());
    Contract multisigContract = new Contract(client, deployment.multisig());
    Contract governorContract = new Contract(client, deployment.address(ContractName.GOVERNOR));
    this.core = new CoreCalls(coreContract, deployment.multisig());
    this.multisig = new MultisigCalls(multisigContract);
    this.governor = new GovernorCalls(governorContract);
    this.token = new TokenCalls(new Contract(client, deployment.token()));
    this.governed =
        new GovernedCalls(
            coreContract,
            multisigContract,
            new Contract(client, deployment.address(ContractName.TIMELOCK)),
            governorContract,
            new Contract(client, deployment.address(ContractName.ACCESS)));
  }

  /** Deposits, claims, inbox, roots, networks. */
  public CoreCalls core() {
    return core;
  }

  /** Stakes, executions, proofs of equivocation. */
  public MultisigCalls multisig() {
    return multisig;
  }

  /** Proposals and votes on them. */
  public GovernorCalls governor() {
    return governor;
  }

  /** What proposals are made of. */
  public GovernedCalls governed() {
    return governed;
  }

  /** SNO and other assets. */
  public TokenCalls token() {
    return token;
  }

  /** Tries a call from anybody's address against the newest block; nothing is stored. */
  public CallOutcome simulate(Address from, ContractCall call) {
    return client.call(from, call);
  }

  /** The contracts whose events the protocol follows. */
  public List<Address> followed() {
    return List.of(core.address(), multisig.address());
  }

  /** Reads a log; empty for events that the protocol does not follow. */
  public Optional<ChainEvent> event(ChainLog log) {
    return ChainEvent.read(log, core.address(), multisig.address());
  }
}
