package io.smartnodes.proposer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proto.epoch.v1.AnnounceProposalRequest;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.epoch.Candidate;
import io.smartnodes.protocol.epoch.RoundInput;
import io.smartnodes.protocol.epoch.RoundState;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proposals and votes that others bring: checked for who may say so and when, stored, then told to
 * the epoch's state machine. Refusals are gRPC statuses with a code. For virtual threads.
 */
@Singleton
public class Ballots {
  private static final int MOST_BODY_BYTES = 64 * 1024 * 1024;

  private final EpochLoop loop;
  private final EpochStore store;
  private final ChainStore chain;
  private final ChainTime time;
  private final ValidatorSets validators;
  private final Node node;

  /** The proposals of the epoch under way: the state hears of them later than we do. */
  private final Map<Said, Bytes32> proposals = new ConcurrentHashMap<>();

  private record Said(long epoch, Candidate.Announcement announcement) {}

  /** Called by the container. */
  public Ballots(
      EpochLoop loop,
      EpochStore store,
      ChainStore chain,
      ChainTime time,
      ValidatorSets validators,
      Node node) {
    this.loop = loop;
    this.store = store;
    this.chain = chain;
    this.time = time;
    this.validators = validators;
    this.node = node;
  }

  /** A validator announces a proposal; the body is fetched from it later. */
  void announced(PeerId caller, AnnounceProposalRequest request) {
    Update update = EpochStructs.fromProto(request.getUpdate(), "update");
    long epoch = Fields.uint64(request.getEpoch(), "epoch");
    int round = Fields.uint32(request.getRound(), "round");
    EpochLoop.Current current = current(epoch);
    RoundState state = current.state();
    Address proposer =
        current
            .set()
            .operatorOf(caller)
            .orElseThrow(() ->
                Errors.status(ErrorCode.ERROR_CODE_NOT_ALLOWED, "", "not in the set of the epoch"));
    if (update.epoch() != epoch) {
      throw Errors.status(ErrorCode.ERROR_CODE_MALFORMED, "update.epoch", "not the epoch");
    }
    if (request.getBodySize() < 0 || request.getBodySize() > MOST_BODY_BYTES) {
      throw Errors.status(ErrorCode.ERROR_CODE_TOO_LARGE, "body_size", "more than 64 MiB");
    }
    inTime(state, round);
    Candidate.Announcement said = new Candidate.Announcement(round, proposer);
    if (!state.setup().proposes(proposer, round)) {
      throw Errors.status(ErrorCode.ERROR_CODE_WRONG_STATE, "round", "it is not your turn");
    }
    Bytes32 digest = update.hashStruct();
    boolean another =
        state.candidates().values().stream()
            .anyMatch(candidate ->
                candidate.announcements().contains(said) && !candidate.digest().equals(digest));
    if (another || !isFirst(new Said(epoch, said), digest)) {
      throw Errors.status(ErrorCode.ERROR_CODE_ALREADY_EXISTS, "update", "one proposal per round");
    }
    store.keep(new EpochStore.Proposal(digest, epoch, request.getUpdate(), Optional.empty()));
    loop.tell(epoch, new RoundInput.Announced(round, digest, proposer));
  }

  /** Two announcements at once cannot both be the first; it may be repeated. */
  private boolean isFirst(Said said, Bytes32 digest) {
    proposals.keySet().removeIf(old -> old.epoch() < said.epoch());
    Bytes32 first = proposals.putIfAbsent(said, digest);
    return first == null || first.equals(digest);
  }

  /** A vote arrives, from the voter or passed on. */
  void voted(CastVoteRequest request) {
    Vote vote = EpochStructs.fromProto(request.getVote(), "vote");
    Address operator = Fields.address(request.getOperator(), "operator");
    Bytes signature = Fields.opaque(request.getSignature(), "signature");
    EpochSet.Member member =
        set(vote.epoch())
            .member(operator)
            .orElseThrow(() ->
                Errors.status(ErrorCode.ERROR_CODE_NOT_ALLOWED, "operator", "not in the set"));
    if (!node.deployment().domain().isSignedBy(vote, signature, member.key().address())) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_BAD_SIGNATURE, "signature", "not by the operator's node key");
    }
    EpochStore.CastVote cast = new EpochStore.CastVote(operator, vote, signature);
    Optional<ChainStore.Execution> executed = chain.execution(vote.epoch());
    if (executed.isPresent()) {
      // Too late to count, in time to be listed by the next body.
      boolean useful =
          executed.get().digest().equals(vote.digest())
              && vote.round() <= executed.get().round() + 1
              && loop.epoch() <= vote.epoch() + 1;
      if (useful) {
        store.keep(cast);
      }
      return;
    }
    inTime(current(vote.epoch()).state(), vote.round());
    if (store.keep(cast)) {
      loop.tell(vote.epoch(), new RoundInput.Voted(operator, vote.round(), vote.digest()));
    }
  }

  /** The set of the epoch that is worked on, else the one that the newest state remembers. */
  private EpochSet set(long epoch) {
    return loop.current()
        .filter(current -> current.epoch() == epoch)
        .map(EpochLoop.Current::set)
        .orElseGet(() -> validators.of(epoch));
  }

  private EpochLoop.Current current(long epoch) {
    return loop.current()
        .filter(current -> current.epoch() == epoch)
        .orElseThrow(() ->
            Errors.status(
                ErrorCode.ERROR_CODE_WRONG_EPOCH, "epoch", "the epoch here is " + loop.epoch()));
  }

  private void inTime(RoundState state, int round) {
    int now = time.now().map(state.setup().schedule()::round).orElse(-1);
    if (round > now + 1) {
      throw Errors.status(ErrorCode.ERROR_CODE_WRONG_STATE, "round", "the round here is " + now);
    }
  }
}
