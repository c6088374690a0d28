package io.smartnodes.chain.contracts;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.AbiStructs;
import io.smartnodes.chain.abi.MultisigAbi;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.peer.NodeKeyProof;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * SmartnodesMultisig: what operators and others send to it, and what it knows. Stake is in wei of
 * SNO and must be approved to it before it is paid in.
 */
public final class MultisigCalls {
  private final Contract contract;

  MultisigCalls(Contract contract) {
    this.contract = contract;
  }

  /** Where it stands. */
  public Address address() {
    return contract.address();
  }

  // ---- operators ----

  /** What a node key signs so that it may serve an operator, for good. */
  public static Signature proof(Domain domain, Address operator, NodeKey key) {
    PublicKey publicKey = key.publicKey();
    NodeKeyProof proof = new NodeKeyProof(operator, Structs.x(publicKey), Structs.y(publicKey));
    return new Signature(domain.sign(proof, key));
  }

  /** Pays in the stake of a founder, with its node key's proof of possession. */
  public ContractCall stake(Signature proof) {
    return contract.call(MultisigAbi.stake(Bytes.of(proof.compact())));
  }

  /**
   * Pays in the stake of a founder with a permit of SNO in place of an approval.
   *
   * @param permit the operator's signature of ERC-2612 for the multisig and the stake
   */
  public ContractCall stakeWithPermit(Signature proof, Instant deadline, Signature permit) {
    byte[] parts = permit.bytes().toArray();
    return contract.call(
        MultisigAbi.stakeWithPermit(
            Bytes.of(proof.compact()),
            BigInteger.valueOf(deadline.getEpochSecond()),
            parts[64],
            Bytes32.of(Arrays.copyOf(parts, 32)),
            Bytes32.of(Arrays.copyOfRange(parts, 32, 64))));
  }

  /** Queues for the set with a stake and a node key that serves nobody else. */
  public ContractCall join(PublicKey key, Address payout, Signature proof, Amount stake) {
    return contract.call(
        MultisigAbi.join(
            Structs.x(key), Structs.y(key), payout, Bytes.of(proof.compact()), stake.value()));
  }

  /** Adds to the stake. */
  public ContractCall topUp(Amount amount) {
    return contract.call(MultisigAbi.topUp(amount.value()));
  }

  /** Serves with another node key from the set that has it on. */
  public ContractCall rotate(PublicKey key, Address payout, Signature proof) {
    return contract.call(
        MultisigAbi.rotate(Structs.x(key), Structs.y(key), payout, Bytes.of(proof.compact())));
  }

  /** Asks to leave. */
  public ContractCall exit() {
    return contract.call(MultisigAbi.exit());
  }

  /** Undoes an exit or an ejection, with the node key that it has. */
  public ContractCall rejoin() {
    return contract.call(MultisigAbi.rejoin());
  }

  /** Ends the notice of who asked to leave; by anybody once it is over. */
  public ContractCall completeExit(Address operator) {
    return contract.call(MultisigAbi.completeExit(operator));
  }

  /** Pays the stake back after unbonding. */
  public ContractCall withdraw() {
    return contract.call(MultisigAbi.withdraw());
  }

  /** An operator as it stands now. */
  public OperatorInfo operatorInfo(Address operator) {
    AbiStructs.Operator info = contract.ask(MultisigAbi.operatorInfo(operator));
    return new OperatorInfo(
        info.nodeAddress(),
        Codes.of(OperatorInfo.Standing.values(), info.standing()),
        info.inSet(),
        Instant.ofEpochSecond(info.since()),
        info.payout(),
        new Amount(info.stake()));
  }

  /** How many founders have not staked yet; nothing executes before it is zero. */
  public long stakesMissing() {
    return number(contract.ask(MultisigAbi.stakesMissing()));
  }

  /** The stake of all validators in the set. */
  public Amount totalStake() {
    return new Amount(contract.ask(MultisigAbi.totalStake()));
  }

  // ---- executions ----

  /**
   * Executes an update.
   *
   * @param votes of one round, as {@link #votes} writes them
   * @param nextSet node address and operator per validator; empty if the set stays as it is
   */
  public ContractCall execute(Update update, int round, Bytes votes, Bytes nextSet) {
    return contract.call(MultisigAbi.execute(Structs.update(update), round, votes, nextSet));
  }

  /** The votes for {@link #execute}: a signature per position in the set. */
  public static Bytes votes(Map<Integer, Signature> signatures) {
    BigInteger bitmap = BigInteger.ZERO;
    ByteArrayOutputStream compact = new ByteArrayOutputStream();
    for (Map.Entry<Integer, Signature> vote : new TreeMap<>(signatures).entrySet()) {
      bitmap = bitmap.setBit(vote.getKey());
      compact.writeBytes(vote.getValue().compact());
    }
    ByteArrayOutputStream votes = new ByteArrayOutputStream();
    votes.writeBytes(Bytes32.ofNumber(bitmap).toArray());
    votes.writeBytes(compact.toByteArray());
    return Bytes.of(votes.toByteArray());
  }

  /** Whether set, ejections and slashes of an update would be taken now; nothing is stored. */
  public CallOutcome checkUpdate(Update update, Bytes nextSet) {
    ContractCall call = contract.call(MultisigAbi.checkUpdate(Structs.update(update), nextSet));
    return contract.client().call(Address.ZERO, call);
  }

  /** Node address and operator per validator, 20 bytes each, in the order of the set. */
  public Bytes validatorSet() {
    return contract.ask(MultisigAbi.validatorSet());
  }

  /** The hash of {@link #validatorSet}. */
  public Bytes32 validatorSetHash() {
    return contract.ask(MultisigAbi.validatorSetHash());
  }

  /** The operators in the order in which they propose the next epoch. */
  public List<Address> proposers() {
    return contract.ask(MultisigAbi.proposers());
  }

  /** The seed after the last execution. */
  public Bytes32 seed() {
    return contract.ask(MultisigAbi.seed());
  }

  /** When round 0 of the next epoch begins. */
  public Instant epochStart() {
    return Instant.ofEpochSecond(contract.ask(MultisigAbi.epochStart()));
  }

  /** The block time of the last execution; genesis before there is one. */
  public Instant lastExecution() {
    return Instant.ofEpochSecond(contract.ask(MultisigAbi.lastExecution()));
  }

  /** The time between closings of epochs, as the next start is computed with. */
  public Duration epochLength() {
    return Duration.ofSeconds(contract.ask(MultisigAbi.epochLength()));
  }

  /** The length of a round. */
  public Duration roundLength() {
    return Duration.ofSeconds(contract.ask(MultisigAbi.roundLength()));
  }

  /** The votes that an execution needs. */
  public int quorum() {
    return contract.ask(MultisigAbi.quorum()).intValueExact();
  }

  /** Bit i: the votes of position i of the set do not count. */
  public BigInteger excluded() {
    return contract.ask(MultisigAbi.excluded());
  }

  /** What checks the votes of an epoch. */
  public Address verifierOf(long epoch) {
    return contract.ask(MultisigAbi.voteVerifierOf(epoch));
  }

  /** How long one place in the set takes for one joiner. */
  public Duration joinPeriod() {
    return Duration.ofSeconds(contract.ask(MultisigAbi.joinPeriod()));
  }

  /** How long who asked to leave goes on voting at most. */
  public Duration exitNotice() {
    return Duration.ofSeconds(contract.ask(MultisigAbi.exitNotice()));
  }

  /** How long stake stays slashable after its owner left. */
  public Duration unbonding() {
    return Duration.ofSeconds(contract.ask(MultisigAbi.unbonding()));
  }

  /** The least stake of a validator. */
  public Amount minimumStake() {
    return new Amount(contract.ask(MultisigAbi.minimumStake()));
  }

  // ---- proofs of equivocation ----

  /** Takes the stake of a key that voted for two digests in one round. */
  public ContractCall proveDoubleVote(
      long epoch, int round, Bytes32 digestA, Signature a, Bytes32 digestB, Signature b) {
    return contract.call(
        MultisigAbi.proveDoubleVote(
            epoch, round, digestA, Bytes.of(a.compact()), digestB, Bytes.of(b.compact())));
  }

  /** Takes the stake of a key that acknowledged two receipts for one unit of one lease. */
  public ContractCall proveDoubleAck(
      JobReceipt receiptA, Signature a, JobReceipt receiptB, Signature b) {
    return contract.call(
        MultisigAbi.proveDoubleAck(
            Structs.receipt(receiptA),
            Bytes.of(a.compact()),
            Structs.receipt(receiptB),
            Bytes.of(b.compact())));
  }

  private static long number(BigInteger value) {
    return value.longValueExact();
  }
}
