package io.smartnodes.cli.governance;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.chain.abi.AbiReader;
import io.smartnodes.chain.abi.GovernorAbi;
import io.smartnodes.chain.abi.Query;
import io.smartnodes.chain.contracts.GovernorCalls;
import io.smartnodes.chain.contracts.Proposal;
import io.smartnodes.cli.session.OnChain;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Proposals of the governor: made, voted on, queued in the timelock, executed. Blocking. */
public final class Governance {
  private static final int SHORTEST_ID = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Bytes32 PROPOSED = Keccak.text(GovernorAbi.ProposalCreated.SIGNATURE);

  private final OnChain chain;
  private final GovernorCalls governor;

  /** As an account. */
  public Governance(OnChain chain) {
    this.chain = chain;
    this.governor = chain.contracts().governor();
  }

  /** A proposal that was made; votes count after start, until end. */
  public record Motion(Proposal proposal, Address proposer, Instant start, Instant end) {
    /** Its id. */
    public Bytes32 id() {
      return Bytes32.ofNumber(proposal.id());
    }
  }

  /** Proposes; the answer is as the chain has it. */
  public Motion propose(Proposal proposal) {
    Receipt receipt = chain.send("proposal", governor.propose(proposal));
    return receipt.logs().stream()
        .flatMap(log -> motion(log).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the proposal left no event"));
  }

  /** All proposals, the newest first. */
  public List<Motion> all() {
    return chain.logs(governor.address()).reversed().stream()
        .flatMap(log -> motion(log).stream())
        .toList();
  }

  /**
   * The proposal of an id, or of the beginning of one.
   *
   * @throws UsageProblem if none or several begin so
   */
  public Motion find(String id) {
    String wanted = id.toLowerCase(Locale.ROOT);
    String start = wanted.startsWith("0x") ? wanted : "0x" + wanted;
    List<Motion> found =
        all().stream().filter(motion -> motion.id().toString().startsWith(start)).toList();
    if (found.size() != 1 || start.length() < SHORTEST_ID) {
      throw new UsageProblem(
          (found.isEmpty() ? "no proposal" : "more than one proposal")
              + " begins with '"
              + id
              + "': see 'smartnodes governance list'");
    }
    return found.getFirst();
  }

  /** Where a proposal stands now. */
  public Proposal.State state(Motion motion) {
    return governor.state(motion.proposal());
  }

  /**
   * Votes so far, in wei of SNO.
   *
   * @param quorum what those in favour and abstaining must reach; zero before the vote
   */
  public record Tally(Amount against, Amount inFavour, Amount abstaining, Amount quorum) {}

  /** How the votes stand. */
  public Tally tally(Motion motion) {
    GovernorAbi.ProposalVotesAnswer votes = ask(GovernorAbi.proposalVotes(motion.proposal().id()));
    // The quorum is a share of the supply at the start of the vote, which the past must hold.
    BigInteger start = BigInteger.valueOf(motion.start().getEpochSecond());
    Amount quorum =
        chain.time().isAfter(motion.start())
            ? new Amount(ask(GovernorAbi.quorum(start)))
            : Amount.ZERO;
    return new Tally(
        new Amount(votes.againstVotes()),
        new Amount(votes.forVotes()),
        new Amount(votes.abstainVotes()),
        quorum);
  }

  private <R> R ask(Query<R> query) {
    ContractCall call =
        new ContractCall(Optional.of(governor.address()), Amount.ZERO, query.data());
    return switch (chain.contracts().simulate(chain.account(), call)) {
      case CallOutcome.Returned returned -> query.result().apply(AbiReader.of(returned.data()));
      case CallOutcome.Reverted reverted ->
          throw new ChainFailure("the governor does not answer: " + reverted.error());
    };
  }

  /** When a queued proposal can be executed; empty if it is not queued. */
  public Optional<Instant> executableFrom(Motion motion) {
    return Optional.of(governor.executableFrom(motion.proposal()))
        .filter(time -> time.isAfter(Instant.EPOCH));
  }

  /** Votes with all SNO that was delegated to the account before the vote began. */
  public Receipt vote(Motion motion, Proposal.Support support) {
    return chain.send("vote", governor.castVote(motion.proposal(), support));
  }

  /** Hands an accepted proposal to the timelock. */
  public Receipt queue(Motion motion) {
    return chain.send("queueing", governor.queue(motion.proposal()));
  }

  /** Executes what the timelock has let wait. */
  public Receipt execute(Motion motion) {
    return chain.send("execution", governor.execute(motion.proposal()));
  }

  /**
   * Lets an account, perhaps one's own, vote with one's SNO. Returns when the governor counts it,
   * which is a second later.
   */
  public Receipt delegate(Address to) throws InterruptedException {
    Receipt receipt = chain.send("delegation", chain.contracts().token().delegate(to));
    long block = receipt.blockNumber();
    chain.await(
        "the block after the delegation", PATIENCE, () -> chain.chain().headNumber() > block);
    return receipt;
  }

  /** What an account votes with at present. */
  public Amount votes(Address account) {
    return chain.contracts().token().votesOf(account);
  }

  private Optional<Motion> motion(ChainLog log) {
    if (!log.contract().equals(governor.address()) || !log.topics().getFirst().equals(PROPOSED)) {
      return Optional.empty();
    }
    GovernorAbi.ProposalCreated made = GovernorAbi.ProposalCreated.read(log.topics(), log.data());
    List<ContractCall> calls =
        IntStream.range(0, made.targets().size())
            .mapToObj(i ->
                new ContractCall(
                    Optional.of(made.targets().get(i)),
                    new Amount(made.values().get(i)),
                    made.calldatas().get(i)))
            .toList();
    return Optional.of(
        new Motion(
            new Proposal(calls, made.description()),
            made.proposer(),
            Instant.ofEpochSecond(made.voteStart().longValueExact()),
            Instant.ofEpochSecond(made.voteEnd().longValueExact())));
  }
}
