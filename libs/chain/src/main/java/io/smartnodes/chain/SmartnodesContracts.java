package io.smartnodes.chain;

import io.smartnodes.chain.Abi.Words;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.state.Payout;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.datatypes.Type;

/**
 * The three contracts of a deployment, typed. Reads block and answer for the newest block; what
 * changes something is a {@link ContractCall} for {@link TransactionSender}.
 */
@SuppressWarnings("rawtypes")
public final class SmartnodesContracts {
  private final ChainClient client;
  private final Address token;
  private final Address core;
  private final Address multisig;

  /** The contracts at their addresses. */
  public SmartnodesContracts(ChainClient client, Address token, Address core, Address multisig) {
    this.client = client;
    this.token = token;
    this.core = core;
    this.multisig = multisig;
  }

  // ---- what an account can send ----

  /** Deposits an asset to a home; an ERC-20 needs {@link #approve} before. */
  public ContractCall deposit(Address asset, Amount amount, Address home) {
    return new ContractCall(
        Optional.of(core),
        asset.isZero() ? amount : Amount.ZERO,
        Abi.call(
            "deposit(address,uint256,address)", Abi.word(asset), Abi.word(amount), Abi.word(home)));
  }

  /** Queues a release from a home, or from free balance for home zero. */
  public ContractCall release(Address asset, Address home, Amount amount) {
    return toCore(
        "release(address,address,uint256)", Abi.word(asset), Abi.word(home), Abi.word(amount));
  }

  /** Lets Core (deposits) or the multisig (stake) draw an ERC-20. */
  public ContractCall approve(Address asset, Address spender, Amount amount) {
    return ContractCall.of(
        asset, Abi.call("approve(address,uint256)", Abi.word(spender), Abi.word(amount)));
  }

  /** Moves an ERC-20. */
  public ContractCall transfer(Address asset, Address to, Amount amount) {
    return ContractCall.of(
        asset, Abi.call("transfer(address,uint256)", Abi.word(to), Abi.word(amount)));
  }

  /** Pays out what the root of an executed epoch proves. */
  public ContractCall claim(long epoch, Payout leaf, List<Bytes32> siblings) {
    return toCore(
        "claim(uint64,(address,address,address,uint256),bytes32[])",
        Abi.word(epoch),
        Abi.payout(leaf),
        Abi.hashes(siblings));
  }

  /** Pays in the stake of a founder, approved before. */
  public ContractCall stake() {
    return ContractCall.of(multisig, Abi.call("stake()"));
  }

  /**
   * Executes an update.
   *
   * @param signatures 64 bytes per voter, in ascending position
   * @param bitmap of the voters' positions in the set
   * @param nextSet node address and operator per validator
   */
  public ContractCall execute(
      Update update, int round, Bytes signatures, BigInteger bitmap, Bytes nextSet) {
    return ContractCall.of(
        multisig,
        Abi.call(
            "execute(" + Abi.UPDATE + ",uint32,bytes,uint256,bytes)",
            Abi.update(update),
            Abi.word(round),
            Abi.bytes(signatures),
            Abi.word(bitmap),
            Abi.bytes(nextSet)));
  }

  /** Tries a call from anybody's address against the newest block. */
  public CallOutcome simulate(Address from, ContractCall call) {
    return client.call(call.from(from));
  }

  /** Whether Core would take an update now, as if a quorum had voted for it; nothing is stored. */
  public CallOutcome simulateUpdate(Update update) {
    return simulate(multisig, toCore("applyUpdate(" + Abi.UPDATE + ")", Abi.update(update)));
  }

  // ---- Core ----

  /** The last executed epoch, 0 before there is one. */
  public long epoch() {
    return readCore("epoch()").int64(0);
  }

  /** The root of the last executed state. */
  public Bytes32 stateRoot() {
    return readCore("stateRoot()").word(0);
  }

  /** The root after an executed epoch; 0 names genesis. */
  public Bytes32 stateRootOf(long epoch) {
    return readCore("stateRootOf(uint64)", Abi.word(epoch)).word(0);
  }

  /** How many items have been queued. */
  public long inboxLength() {
    return readCore("inboxLength()").int64(0);
  }

  /** The rolling hash after a number of items. */
  public Bytes32 inboxHashAt(long count) {
    return readCore("inboxHashAt(uint64)", Abi.word(count)).word(0);
  }

  /** How many items the next update must have consumed at least. */
  public long inboxRequired() {
    return readCore("inboxRequired()").int64(0);
  }

  /** What has been deposited of an asset in all. */
  public Amount received(Address asset) {
    return readCore("received(address)", Abi.word(asset)).amount(0);
  }

  /** What an account was paid of an asset. */
  public Amount claimed(Address account, Address asset) {
    return readCore("claimed(address,address)", Abi.word(account), Abi.word(asset)).amount(0);
  }

  /** The totals of an asset in the last executed state. */
  public AssetTotals totals(Address asset) {
    Words words = readCore("totals(address)", Abi.word(asset));
    return new AssetTotals(
        words.address(0),
        words.amount(1),
        words.amount(2),
        words.amount(3),
        words.amount(4),
        words.amount(5));
  }

  /** Everything that is accepted as a deposit. */
  public List<Address> approvedAssets() {
    return readCore("approvedAssets()").addresses(0);
  }

  /** The domain that Core checks signatures in. */
  public Bytes32 domainSeparator() {
    return readCore("DOMAIN_SEPARATOR()").word(0);
  }

  /** The start of all schedules. */
  public Instant genesis() {
    return Instant.ofEpochSecond(readCore("genesis()").int64(0));
  }

  // ---- multisig ----

  /** Node address and operator per validator, 20 bytes each, in the order of the set. */
  public Bytes validatorSet() {
    return readMultisig("validatorSet()").bytes(0);
  }

  /** The seed after an executed epoch; 0 names the one at deployment. */
  public Bytes32 seedOf(long epoch) {
    return readMultisig("seedOf(uint64)", Abi.word(epoch)).word(0);
  }

  /** When round 0 of an executed epoch, or of the next one, begins. */
  public Instant epochStart(long epoch) {
    return Instant.ofEpochSecond(readMultisig("epochStart(uint64)", Abi.word(epoch)).int64(0));
  }

  /** The block time at which an epoch was executed. */
  public Instant executionTime(long epoch) {
    return Instant.ofEpochSecond(readMultisig("executionTime(uint64)", Abi.word(epoch)).int64(0));
  }

  /** The operators in the order in which they propose the next epoch. */
  public List<Address> proposers() {
    return readMultisig("proposers()").addresses(0);
  }

  /** How many founders have not staked yet. */
  public long stakesMissing() {
    return readMultisig("stakesMissing()").int64(0);
  }

  /** Whether an operator has paid in its stake. */
  public boolean isStaked(Address operator) {
    return readMultisig("operatorInfo(address)", Abi.word(operator)).number(1).signum() != 0;
  }

  // ---- assets ----

  /** The balance of an account, of the native coin for asset zero. */
  public Amount balanceOf(Address asset, Address account) {
    return asset.isZero()
        ? client.balance(account)
        : read(asset, "balanceOf(address)", Abi.word(account)).amount(0);
  }

  /** What a spender may still draw from an account. */
  public Amount allowance(Address asset, Address account, Address spender) {
    return read(asset, "allowance(address,address)", Abi.word(account), Abi.word(spender))
        .amount(0);
  }

  // ---- events ----

  /** The address of SNO. */
  public Address token() {
    return token;
  }

  /** The address of Core. */
  public Address core() {
    return core;
  }

  /** The address of the multisig. */
  public Address multisig() {
    return multisig;
  }

  /** Whether code stands at all three addresses. */
  public boolean areDeployed() {
    return client.hasCode(token) && client.hasCode(core) && client.hasCode(multisig);
  }

  /** Reads a log; empty for events that the protocol does not follow. */
  public Optional<ChainEvent> event(ChainLog log) {
    return ChainEvent.read(log, core, multisig);
  }

  private ContractCall toCore(String signature, Type... arguments) {
    return ContractCall.of(core, Abi.call(signature, arguments));
  }

  private Words readCore(String signature, Type... arguments) {
    return read(core, signature, arguments);
  }

  private Words readMultisig(String signature, Type... arguments) {
    return read(multisig, signature, arguments);
  }

  private Words read(Address contract, String signature, Type... arguments) {
    ContractCall call = ContractCall.of(contract, Abi.call(signature, arguments));
    return switch (client.call(call.from(Address.ZERO))) {
      case CallOutcome.Returned returned -> Words.of(returned.data());
      case CallOutcome.Reverted reverted ->
          throw new ChainFailure(signature + " was refused: " + reverted.error());
    };
  }
}
