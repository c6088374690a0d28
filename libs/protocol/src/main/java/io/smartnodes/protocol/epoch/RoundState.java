package io.smartnodes.protocol.epoch;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one validator knows of the epoch that is to be executed next.
 *
 * @param setup what does not change
 * @param candidates proposals by digest
 * @param votes per round, by operator; the first one counts
 * @param own what this validator voted for
 * @param proposed rounds in which it began to propose
 * @param submissions when digests with a quorum are submitted next
 * @param executed the digest whose execution is confirmed
 */
public record RoundState(
    Setup setup,
    Map<Bytes32, Candidate> candidates,
    Map<Integer, Map<Address, Bytes32>> votes,
    VoteRecord own,
    Set<Integer> proposed,
    Map<Bytes32, Instant> submissions,
    Optional<Bytes32> executed) {
  private static final int ROUND_ZERO_PROPOSERS = 5;

  /** Copies the collections. */
  public RoundState {
    candidates = Map.copyOf(candidates);
    votes = Map.copyOf(votes);
    proposed = Set.copyOf(proposed);
    submissions = Map.copyOf(submissions);
  }

  /**
   * What does not change during an epoch.
   *
   * @param epoch to be executed
   * @param schedule of its rounds
   * @param proposers all operators in the order of 2.2.5
   * @param self this validator's operator
   * @param votesFrom votes are cast in rounds that begin then or later: the start of the process
   */
  public record Setup(
      long epoch,
      EpochSchedule schedule,
      List<Address> proposers,
      Address self,
      Instant votesFrom) {
    /** Copies the list. */
    public Setup {
      proposers = List.copyOf(proposers);
    }

    /** Whether an operator proposes in a round (2.2.5). */
    public boolean proposes(Address operator, int round) {
      int rank = proposers.indexOf(operator);
      return round == 0
          ? rank >= 0 && rank < ROUND_ZERO_PROPOSERS
          : round > 0 && rank == (round - 1) % proposers.size();
    }

    /** How long after the one before it the next validator submits. */
    Duration stagger() {
      Duration half = schedule.roundLength().dividedBy(2);
      return half.compareTo(Duration.ofSeconds(1)) > 0 ? half : Duration.ofSeconds(1);
    }
  }

  /** The state in which an epoch begins; {@code own} is what the guard knows. */
  public static RoundState begin(Setup setup, VoteRecord own) {
    return new RoundState(setup, Map.of(), Map.of(), own, Set.of(), Map.of(), Optional.empty());
  }

  /** The digest that has more than two thirds of the votes of a round. */
  public Optional<Bytes32> quorum(int round) {
    Map<Bytes32, Integer> counts = new HashMap<>();
    votes
        .getOrDefault(round, Map.of())
        .values()
        .forEach(digest -> counts.merge(digest, 1, Integer::sum));
    return counts.entrySet().stream()
        .filter(count -> 3 * count.getValue() > 2 * setup.proposers().size())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The lowest round in which a digest has a quorum. */
  public Optional<Integer> quorumRound(Bytes32 digest) {
    return votes.keySet().stream()
        .sorted()
        .filter(round -> quorum(round).filter(digest::equals).isPresent())
        .findFirst();
  }

  /** Whether anybody voted for a digest, in any round. */
  boolean hasVotes(Bytes32 digest) {
    return votes.values().stream().anyMatch(round -> round.containsValue(digest));
  }

  /** The valid proposal that most validators voted for, in any round; empty without a vote. */
  Optional<Candidate> mostVoted() {
    Map<Bytes32, Set<Address>> voters = new HashMap<>();
    votes
        .values()
        .forEach(round ->
            round.forEach((operator, digest) ->
                voters.computeIfAbsent(digest, d -> new HashSet<>()).add(operator)));
    return candidates.values().stream()
        .filter(Candidate::isValid)
        .filter(candidate -> voters.containsKey(candidate.digest()))
        .max(
            Comparator.comparingInt((Candidate candidate) ->
                    voters.getOrDefault(candidate.digest(), Set.of()).size())
                .thenComparingInt(Candidate::effectiveItems)
                .thenComparing(Candidate::digest, Comparator.reverseOrder()));
  }

  /** The most complete valid proposal of round 0, then the one of the first proposer. */
  Optional<Candidate> mostComplete() {
    return candidates.values().stream()
        .filter(Candidate::isValid)
        .filter(candidate -> rank(candidate) < setup.proposers().size())
        .max(
            Comparator.comparingInt(Candidate::effectiveItems)
                .thenComparingInt(candidate -> -rank(candidate)));
  }

  /** The valid proposal of a later round. */
  Optional<Candidate> proposal(int round) {
    return candidates.values().stream()
        .filter(Candidate::isValid)
        .filter(candidate -> candidate.isAnnouncedIn(round))
        .findFirst();
  }

  private int rank(Candidate candidate) {
    return candidate.announcements().stream()
        .filter(said -> said.round() == 0)
        .mapToInt(said -> setup.proposers().indexOf(said.proposer()))
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  RoundState with(Candidate candidate) {
    Map<Bytes32, Candidate> next = new HashMap<>(candidates);
    next.put(candidate.digest(), candidate);
    return new RoundState(setup, next, votes, own, proposed, submissions, executed);
  }

  RoundState withVote(Address operator, int round, Bytes32 digest) {
    Map<Address, Bytes32> inRound = new HashMap<>(votes.getOrDefault(round, Map.of()));
    inRound.putIfAbsent(operator, digest);
    Map<Integer, Map<Address, Bytes32>> next = new HashMap<>(votes);
    next.put(round, Map.copyOf(inRound));
    return new RoundState(setup, candidates, next, own, proposed, submissions, executed);
  }

  RoundState withOwn(VoteRecord next) {
    return new RoundState(setup, candidates, votes, next, proposed, submissions, executed);
  }

  RoundState withProposed(int round, boolean value) {
    Set<Integer> next = new HashSet<>(proposed);
    if (value) {
      next.add(round);
    } else {
      next.remove(round);
    }
    return new RoundState(setup, candidates, votes, own, next, submissions, executed);
  }

  RoundState withSubmission(Bytes32 digest, Instant due) {
    Map<Bytes32, Instant> next = new HashMap<>(submissions);
    next.put(digest, due);
    return new RoundState(setup, candidates, votes, own, proposed, next, executed);
  }

  RoundState withExecuted(Bytes32 digest) {
    return new RoundState(
        setup, candidates, votes, own, proposed, submissions, Optional.of(digest));
  }
}
