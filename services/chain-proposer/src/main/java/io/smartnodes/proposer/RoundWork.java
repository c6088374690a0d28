package io.smartnodes.proposer;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.derive.Judgement;
import io.smartnodes.proposer.derive.Proposals;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.TaskThreads;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.signer.NodeSigner;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.EpochStore.CastVote;
import io.smartnodes.proposer.store.EpochStore.Proposal;
import io.smartnodes.proto.epoch.v1.AnnounceProposalRequest;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.epoch.RoundEffect;
import io.smartnodes.protocol.epoch.RoundInput;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Performs what the state machine of an epoch asks for, each on a virtual thread. */
@Singleton
public class RoundWork implements Duties {
  private static final Logger LOG = Logger.getLogger(RoundWork.class);
  private static final Duration SIGNING = Duration.ofSeconds(10);

  private final Proposals proposals;
  private final EpochStore store;
  private final OtherValidators others;
  private final NodeSigner signer;
  private final Submissions submissions;
  private final Node node;
  private final MeterRegistry meters;
  private final TaskThreads threads = new TaskThreads();

  /** Called by the container. */
  public RoundWork(
      Proposals proposals,
      EpochStore store,
      OtherValidators others,
      NodeSigner signer,
      Submissions submissions,
      Node node,
      MeterRegistry meters) {
    this.proposals = proposals;
    this.store = store;
    this.others = others;
    this.signer = signer;
    this.submissions = submissions;
    this.node = node;
    this.meters = meters;
  }

  /** Starts an effect; what comes of it goes to the loop as an input. */
  void perform(EpochLoop.Current current, RoundEffect effect, EpochLoop loop) {
    if (effect instanceof RoundEffect.WakeAt) {
      return; // every block ticks, and chain time does not move without one
    }
    long epoch = current.epoch();
    EpochSet set = current.set();
    threads.execute(() -> {
      try {
        run(epoch, set, effect, loop);
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          LOG.debugf(e, "epoch %d: %s was interrupted", epoch, effect);
          return;
        }
        LOG.errorf(e, "epoch %d: %s failed", epoch, effect);
        answerFailure(epoch, effect, loop);
      }
    });
  }

  /** The machine must not wait for ever for what broke here. */
  private static void answerFailure(long epoch, RoundEffect effect, EpochLoop loop) {
    switch (effect) {
      case RoundEffect.BuildProposal build ->
          loop.tell(epoch, new RoundInput.NotBuilt(build.round()));
      case RoundEffect.Fetch fetch -> loop.tell(epoch, new RoundInput.NotFetched(fetch.digest()));
      case RoundEffect.Check check -> loop.tell(epoch, new RoundInput.Undecided(check.digest()));
      case RoundEffect.Announce said -> {}
      case RoundEffect.CastVote cast -> {}
      case RoundEffect.Submit submit -> {}
      case RoundEffect.WakeAt wake -> {}
    }
  }

  private void run(long epoch, EpochSet set, RoundEffect effect, EpochLoop loop) {
    switch (effect) {
      case RoundEffect.BuildProposal build -> loop.tell(epoch, built(epoch, build.round()));
      case RoundEffect.Announce said -> announce(epoch, set, said, loop);
      case RoundEffect.Fetch fetch -> loop.tell(epoch, fetched(set, fetch));
      case RoundEffect.Check check -> loop.tell(epoch, checked(epoch, check.digest(), loop));
      case RoundEffect.CastVote cast -> vote(epoch, set, cast, loop);
      case RoundEffect.Submit submit -> submissions.submit(epoch, set, submit);
      case RoundEffect.WakeAt wake -> {}
    }
  }

  /** What is in the way for long must not be tried at every block. */
  private static void await(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RoundInput built(long epoch, int round) {
    return switch (proposals.build(epoch)) {
      case Judgement.Valid valid ->
          new RoundInput.Built(round, valid.digest(), valid.effectiveItems());
      case Judgement.Refused refused -> {
        LOG.errorf("our own proposal is invalid: %s, %s", refused.item(), refused.reason());
        yield new RoundInput.NotBuilt(round);
      }
      case Judgement.Undecided undecided -> {
        LOG.debugf("no proposal of epoch %d yet: %s", epoch, undecided.reason());
        await(undecided.pause());
        yield new RoundInput.NotBuilt(round);
      }
    };
  }

  private void announce(long epoch, EpochSet set, RoundEffect.Announce said, EpochLoop loop) {
    Proposal proposal = store.proposal(said.digest()).orElseThrow();
    AnnounceProposalRequest request =
        AnnounceProposalRequest.newBuilder()
            .setEpoch(epoch)
            .setRound(said.round())
            .setUpdate(proposal.update())
            .setBodySize(proposal.body().map(Body::getSerializedSize).orElse(0))
            .build();
    others.tellAll(
        set,
        "a proposal",
        stub -> {
          var answer = stub.announceProposal(request);
          LOG.tracef("announced: %s", answer);
        },
        () -> loop.epoch() == epoch);
  }

  private RoundInput fetched(EpochSet set, RoundEffect.Fetch fetch) {
    Proposal proposal = store.proposal(fetch.digest()).orElseThrow();
    if (proposal.body().isPresent()) {
      return new RoundInput.Fetched(fetch.digest());
    }
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    if (update.bodyHash().equals(Bytes32.ZERO)) {
      return new RoundInput.Fetched(fetch.digest()); // a drain has no body
    }
    Optional<PeerId> peer = set.member(fetch.from()).map(EpochSet.Member::peer);
    Optional<Body> body =
        peer.flatMap(from -> others.fetchBody(from, fetch.digest(), update.bodyHash()));
    if (body.isEmpty()) {
      return new RoundInput.NotFetched(fetch.digest());
    }
    store.keep(new Proposal(fetch.digest(), proposal.epoch(), proposal.update(), body));
    return new RoundInput.Fetched(fetch.digest());
  }

  private RoundInput checked(long epoch, Bytes32 digest, EpochLoop loop) {
    return switch (proposals.check(store.proposal(digest).orElseThrow())) {
      case Judgement.Valid valid -> new RoundInput.Checked(digest, valid.effectiveItems());
      case Judgement.Undecided undecided -> {
        LOG.debugf("proposal %s: %s", digest, undecided.reason());
        await(undecided.pause());
        yield new RoundInput.Undecided(digest);
      }
      case Judgement.Refused refused -> {
        int round =
            loop.current()
                .map(current -> current.state().candidates().get(digest))
                .flatMap(candidate ->
                    candidate.announcements().stream().map(said -> said.round()).findFirst())
                .orElse(0);
        LOG.warnf(
            "proposal %s of epoch %d refused: %s, %s",
            digest, epoch, refused.item(), refused.reason());
        store.keep(epoch, new EpochStore.Refusal(digest, round, refused.item(), refused.reason()));
        meters.counter("smartnodes.proposals.refused").increment();
        yield new RoundInput.Refused(digest);
      }
    };
  }

  private void vote(long epoch, EpochSet set, RoundEffect.CastVote cast, EpochLoop loop) {
    Vote vote = new Vote(epoch, cast.round(), cast.digest());
    Bytes signature;
    try {
      signature =
          signer
              .sign(List.of(Signable.newBuilder().setVote(EpochStructs.toProto(vote)).build()))
              .await()
              .atMost(SIGNING)
              .getFirst();
    } catch (StatusRuntimeException e) {
      boolean forbidden = e.getStatus().getCode() == Status.Code.ALREADY_EXISTS;
      LOG.logf(
          forbidden ? Logger.Level.ERROR : Logger.Level.WARN,
          "no vote in round %d of epoch %d: %s",
          cast.round(),
          epoch,
          e.getStatus());
      count(forbidden ? "forbidden" : "failed");
      return;
    }
    CastVote own = new CastVote(node.operator(), vote, signature);
    boolean kept = store.keep(own);
    LOG.debugf(
        "voted for %s in round %d of epoch %d (%s)", cast.digest(), cast.round(), epoch, kept);
    count("cast");
    bring(set, own, loop);
  }

  private void count(String outcome) {
    meters.counter("smartnodes.proposer.votes", "outcome", outcome).increment();
  }

  /** Brings our stored votes to the others again: whoever has one already says so. */
  void bringAgain(EpochLoop.Current current, List<CastVote> votes, EpochLoop loop) {
    for (CastVote vote : votes) {
      if (vote.operator().equals(node.operator())) {
        bring(current.set(), vote, loop);
      }
    }
  }

  private void bring(EpochSet set, CastVote cast, EpochLoop loop) {
    CastVoteRequest request =
        CastVoteRequest.newBuilder()
            .setVote(EpochStructs.toProto(cast.vote()))
            .setOperator(Fields.bytes(cast.operator()))
            .setSignature(Fields.bytes(cast.signature()))
            .build();
    // Also after the execution: the next body lists the votes, and they are paid.
    others.tellAll(
        set,
        "a vote",
        stub -> {
          var answer = stub.castVote(request);
          LOG.tracef("vote taken: %s", answer);
        },
        () -> loop.epoch() <= cast.vote().epoch() + 1);
  }

  @Override
  public void begin() {
    threads.begin();
  }

  @Override
  public boolean end(Duration most) {
    return threads.end(most);
  }
}
