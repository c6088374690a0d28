package io.smartnodes.chain.contracts;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.AbiStructs;
import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SmartnodesCore: what accounts send to it, and what it knows. Amounts are in the smallest unit of
 * their asset; asset zero is the native coin.
 */
public final class CoreCalls {
  private final Contract contract;
  private final Address multisig;

  CoreCalls(Contract contract, Address multisig) {
    this.contract = contract;
    this.multisig = multisig;
  }

  /** Where it stands. */
  public Address address() {
    return contract.address();
  }

  // ---- money ----

  /** Deposits an asset to a home; an ERC-20 must be approved before. */
  public ContractCall deposit(Address asset, Amount amount, Address home) {
    return contract.call(
        CoreAbi.deposit(asset, amount.value(), home), asset.isZero() ? amount : Amount.ZERO);
  }

  /** Queues a release from a home, or from free balance for home zero. */
  public ContractCall release(Address asset, Address home, Amount amount) {
    return contract.call(CoreAbi.release(asset, home, amount.value()));
  }

  /** Pays out what the root of an executed epoch proves. */
  public ContractCall claim(long epoch, Payout leaf, List<Bytes32> siblings) {
    return contract.call(CoreAbi.claim(epoch, Structs.payout(leaf), siblings));
  }

  /** Pays out several leaves of one root; those with nothing left are skipped. */
  public ContractCall claimMany(long epoch, List<Payout> leaves, List<List<Bytes32>> siblings) {
    return contract.call(
        CoreAbi.claimMany(epoch, leaves.stream().map(Structs::payout).toList(), siblings));
  }

  /** Mints and burns SNO as the books of the last executed state say. */
  public ContractCall settle() {
    return contract.call(CoreAbi.settle());
  }

  /** After a silence: pays an allotment of the last executed state to its account. */
  public ContractCall escapeAllotment(Allotment leaf, List<Bytes32> siblings) {
    return contract.call(CoreAbi.escapeAllotment(Structs.allotment(leaf), siblings));
  }

  /** After a silence: pays what is held for a job of the last executed state to its user. */
  public ContractCall escapeJob(Job leaf, List<Bytes32> siblings) {
    return contract.call(CoreAbi.escapeJob(Structs.job(leaf), siblings));
  }

  /** After a silence: pays a deposit back that no executed state has consumed. */
  public ContractCall escapeDeposit(InboxItem item) {
    return contract.call(CoreAbi.escapeDeposit(Structs.item(item)));
  }

  /** What has been deposited of an asset in all. */
  public Amount received(Address asset) {
    return new Amount(contract.ask(CoreAbi.received(asset)));
  }

  /** What an account was paid of an asset. */
  public Amount claimed(Address account, Address asset) {
    return new Amount(contract.ask(CoreAbi.claimed(account, asset)));
  }

  /** What all accounts were paid of an asset, escapes included. */
  public Amount claimedInAll(Address asset) {
    return new Amount(contract.ask(CoreAbi.claimedInAll(asset)));
  }

  /**
   * What has moved of an asset, each since deployment.
   *
   * @param received deposits
   * @param claimed paid out, escapes included
   * @param payouts earned, in the last executed state
   * @param minted in the last executed state
   * @param burnt in the last executed state
   */
  public record Books(
      Amount received, Amount claimed, Amount payouts, Amount minted, Amount burnt) {}

  /** The books of an asset. */
  public Books books(Address asset) {
    CoreAbi.BooksAnswer books = contract.ask(CoreAbi.books(asset));
    return new Books(
        new Amount(books.received()),
        new Amount(books.claimed()),
        new Amount(books.payouts()),
        new Amount(books.minted()),
        new Amount(books.burnt()));
  }

  /** Everything that is accepted as a deposit. */
  public List<Address> approvedAssets() {
    return contract.ask(CoreAbi.approvedAssets());
  }

  /** SNO wei that 10^18 of an asset's smallest units count for under the deposit cap. */
  public Amount rateOf(Address asset) {
    return new Amount(contract.ask(CoreAbi.rateOf(asset)));
  }

  // ---- epochs and inbox ----

  /** Whether it would take an update now, as if a quorum had voted for it; nothing is stored. */
  public CallOutcome simulateUpdate(Update update) {
    return contract
        .client()
        .call(multisig, contract.call(CoreAbi.applyUpdate(Structs.update(update))));
  }

  /** The last executed epoch, 0 before there is one. */
  public long epoch() {
    return contract.ask(CoreAbi.epoch());
  }

  /** The time of the last executed state. */
  public Instant asOf() {
    return Instant.ofEpochSecond(contract.ask(CoreAbi.asOf()));
  }

  /** The root of the last executed state. */
  public Bytes32 stateRoot() {
    return contract.ask(CoreAbi.stateRoot());
  }

  /** The root after an executed epoch; empty for epochs to come and those before the last 16. */
  public Optional<Bytes32> stateRootOf(long epoch) {
    return contract.ask(CoreAbi.stateRootOf(epoch), Set.of("EpochUnknown"));
  }

  /** The root that the first epoch builds on. */
  public Bytes32 genesisStateRoot() {
    return contract.ask(CoreAbi.genesisStateRoot());
  }

  /** How many items have been queued. */
  public long inboxLength() {
    return contract.ask(CoreAbi.inboxLength());
  }

  /** How many items the last executed state has consumed. */
  public long inboxConsumed() {
    return contract.ask(CoreAbi.inboxConsumed());
  }

  /** The rolling hash after a number of items. */
  public Bytes32 inboxHashAt(long count) {
    return contract.ask(CoreAbi.inboxHashAt(count));
  }

  /** How many items the next update must have consumed at least. */
  public long inboxRequired() {
    return contract.ask(CoreAbi.inboxRequired());
  }

  /** The number of items that must be consumed before a body may hold anything again. */
  public long escapeBarrier() {
    return contract.ask(CoreAbi.escapeBarrier());
  }

  /** Whether the next update must be a drain: escapes are queued that no state has consumed. */
  public boolean wantsDrain() {
    return inboxConsumed() < escapeBarrier();
  }

  // ---- networks and node keys ----

  /** Registers a network under a name that is free; whoever sends it owns the network. */
  public ContractCall registerNetwork(String name, Bytes32 manifestHash) {
    return contract.call(CoreAbi.registerNetwork(name, manifestHash));
  }

  /** Names another manifest; by the network's owner. */
  public ContractCall setManifest(Bytes32 network, Bytes32 manifestHash) {
    return contract.call(CoreAbi.setManifest(network, manifestHash));
  }

  /** Gives a network to another owner; by its owner. */
  public ContractCall transferNetwork(Bytes32 network, Address owner) {
    return contract.call(CoreAbi.transferNetwork(network, owner));
  }

  /** Ends a network; by its owner. */
  public ContractCall retireNetwork(Bytes32 network) {
    return contract.call(CoreAbi.retireNetwork(network));
  }

  /** A network as its last change left it: status 1 active, 2 suspended, 3 retired. */
  public record Network(Address owner, int status, Bytes32 manifestHash) {}

  /** A network, empty if nobody registered it. */
  public Optional<Network> network(Bytes32 id) {
    AbiStructs.NetworkRecord found = contract.ask(CoreAbi.network(id));
    return found.status() == 0
        ? Optional.empty()
        : Optional.of(new Network(found.owner(), (int) found.status(), found.manifestHash()));
  }

  /** Whom a node key serves, for good; empty if nobody. */
  public Optional<Address> operatorOf(Address nodeAddress) {
    return Optional.of(contract.ask(CoreAbi.operatorOf(nodeAddress))).filter(Structs::isNamed);
  }

  // ---- pause and constants ----

  /** For the guardian: stops executions and deposits, within the budget. */
  public ContractCall pause(Duration length) {
    return contract.call(CoreAbi.pause(length.toSeconds()));
  }

  /** For the guardian: ends a pause. */
  public ContractCall unpause() {
    return contract.call(CoreAbi.unpause());
  }

  /** How long Core can still be paused in the quarter of a time. */
  public Duration pauseLeft(Instant time) {
    return Duration.ofSeconds(
        contract.ask(CoreAbi.pauseLeft(time.getEpochSecond())).longValueExact());
  }

  /** What deposits count for, and the most that they may, both in SNO. */
  public record Cap(Amount value, Amount most) {}

  /** How far the deposits are from their cap. */
  public Cap depositCap() {
    CoreAbi.DepositValueAnswer answer = contract.ask(CoreAbi.depositValue());
    return new Cap(new Amount(answer.value()), new Amount(answer.cap()));
  }

  /** When the pause ends; a time that has passed if there is none. */
  public Instant pausedUntil() {
    return Instant.ofEpochSecond(contract.ask(CoreAbi.pausedUntil()));
  }

  /** The domain that it checks signatures in. */
  public Bytes32 domainSeparator() {
    return contract.ask(CoreAbi.DOMAIN_SEPARATOR());
  }

  /** The start of all schedules. */
  public Instant genesis() {
    return Instant.ofEpochSecond(contract.ask(CoreAbi.genesis()));
  }
}
