package io.smartnodes.proposer;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Signature;
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
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Performs what the state machine of an epoch asks for, each on a virtual thread. */
@Singleton
public class RoundWork {
  private static final Logger LOG = Logger.getLogger(RoundWork.class);
  private static final Duration SIGNING = Duration.ofSeconds(10);

  private final Proposals proposals;
  private final EpochStore store;
  private final OtherValidators others;
  private final Validators validators;
  private final NodeSigner signer;
  private final Node node;
  private final MeterRegistry meters;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Called by the container. */
  public RoundWork(
      Proposals proposals,
      EpochStore store,
      OtherValidators others,
      Validators validators,
      NodeSigner signer,
      Node node,
      MeterRegistry meters) {
    this.proposals = proposals;
    this.store = store;
    this.others = others;
    this.validators = validators;
    this.signer = signer;
    this.node = node;
    this.meters = meters;
  }

  /** Starts an effect; what comes of it goes to the loop as an input. */
  void perform(long epoch, RoundEffect effect, EpochLoop loop) {
    if (effect instanceof RoundEffect.WakeAt) {
      return; // every block ticks, and chain time does not move without one
    }
    threads.execute(() -> {
      try {
        run(epoch, effect, loop);
      } catch (RuntimeException e) {
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

  private void run(long epoch, RoundEffect effect, EpochLoop loop) {
    switch (effect) {
      case RoundEffect.BuildProposal build -> loop.tell(epoch, built(epoch, build.round()));
      case RoundEffect.Announce said -> announce(epoch, said, loop);
      case RoundEffect.Fetch fetch -> loop.tell(epoch, fetched(fetch));
      case RoundEffect.Check check -> loop.tell(epoch, checked(epoch, check.digest(), loop));
      case RoundEffect.CastVote cast -> vote(epoch, cast, loop);
      case RoundEffect.Submit submit -> submit(epoch, submit);
      case RoundEffect.WakeAt wake -> {}
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
        yield new RoundInput.NotBuilt(round);
      }
    };
  }

  private void announce(long epoch, RoundEffect.Announce said, EpochLoop loop) {
    Proposal proposal = store.proposal(said.digest()).orElseThrow();
    AnnounceProposalRequest request =
        AnnounceProposalRequest.newBuilder()
            .setEpoch(epoch)
            .setRound(said.round())
            .setUpdate(proposal.update())
            .setBodySize(proposal.body().map(Body::getSerializedSize).orElse(0))
            .build();
    others.tellAll(
        "a proposal",
        stub -> {
          var answer = stub.announceProposal(request);
          LOG.tracef("announced: %s", answer);
        },
        () -> loop.epoch() == epoch);
  }

  private RoundInput fetched(RoundEffect.Fetch fetch) {
    Proposal proposal = store.proposal(fetch.digest()).orElseThrow();
    if (proposal.body().isPresent()) {
      return new RoundInput.Fetched(fetch.digest());
    }
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    Optional<PeerId> peer =
        validators.member(fetch.from()).map(member -> PeerId.of(member.publicKey()));
    Optional<Body> body =
        peer.flatMap(from -> others.fetchBody(from, fetch.digest(), update.bodyHash()));
    if (body.isEmpty()) {
      return new RoundInput.NotFetched(fetch.digest());
    }
    store.keep(
        new Proposal(fetch.digest(), proposal.epoch(), proposal.update(), body, Optional.empty()));
    return new RoundInput.Fetched(fetch.digest());
  }

  private RoundInput checked(long epoch, Bytes32 digest, EpochLoop loop) {
    return switch (proposals.check(store.proposal(digest).orElseThrow())) {
      case Judgement.Valid valid -> new RoundInput.Checked(digest, valid.effectiveItems());
      case Judgement.Undecided undecided -> {
        LOG.debugf("proposal %s: %s", digest, undecided.reason());
        yield new RoundInput.Undecided(digest);
      }
      case Judgement.Refused refused -> {
        int round =
            loop.current()
                .map(state -> state.candidates().get(digest))
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

  private void vote(long epoch, RoundEffect.CastVote cast, EpochLoop loop) {
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
      LOG.errorf("the guard forbids to vote in epoch %d: %s", epoch, e.getStatus());
      return;
    }
    boolean kept = store.keep(new CastVote(node.operator(), vote, signature));
    LOG.debugf(
        "voted for %s in round %d of epoch %d (%s)", cast.digest(), cast.round(), epoch, kept);
    meters.counter("smartnodes.votes.cast").increment();
    CastVoteRequest request =
        CastVoteRequest.newBuilder()
            .setVote(EpochStructs.toProto(vote))
            .setOperator(Fields.bytes(node.operator()))
            .setSignature(Fields.bytes(signature))
            .build();
    // Also after the execution: the next body lists the votes, and they are paid.
    others.tellAll(
        "a vote",
        stub -> {
          var answer = stub.castVote(request);
          LOG.tracef("vote taken: %s", answer);
        },
        () -> loop.epoch() <= epoch + 1);
  }

  private void submit(long epoch, RoundEffect.Submit submit) {
    Proposal proposal = store.proposal(submit.digest()).orElseThrow();
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    Map<Integer, CastVote> byPosition = new TreeMap<>();
    List<Address> operators = validators.operators();
    for (CastVote cast : store.votes(epoch)) {
      if (cast.vote().round() == submit.round() && cast.vote().digest().equals(submit.digest())) {
        byPosition.put(operators.indexOf(cast.operator()), cast);
      }
    }
    BigInteger bitmap = BigInteger.ZERO;
    ByteArrayOutputStream signatures = new ByteArrayOutputStream();
    for (Map.Entry<Integer, CastVote> entry : byPosition.entrySet()) {
      bitmap = bitmap.setBit(entry.getKey());
      signatures.writeBytes(new Signature(entry.getValue().signature()).compact());
    }
    TransactionOutcome outcome =
        node.sender()
            .send(
                node.contracts()
                    .execute(
                        update,
                        submit.round(),
                        Bytes.of(signatures.toByteArray()),
                        bitmap,
                        validators.set()));
    switch (outcome) {
      case TransactionOutcome.Mined mined -> {
        meters.counter("smartnodes.executions.submitted").increment();
        LOG.debugf(
            "execution of epoch %d stands in block %d", epoch, mined.receipt().blockNumber());
      }
      case TransactionOutcome.Failed failed -> {
        // Two that submit in the same block: the second pays for the race, and nothing is wrong.
        boolean late =
            failed.error().filter(error -> error.name().equals("EpochUnexpected")).isPresent();
        LOG.logf(
            late ? Logger.Level.DEBUG : Logger.Level.WARN,
            "execution of epoch %d failed: %s",
            epoch,
            failed.error());
      }
      case TransactionOutcome.Refused refused ->
          LOG.debugf("execution of epoch %d was not sent: %s", epoch, refused.error());
      case TransactionOutcome.Unconfirmed open ->
          LOG.warnf("execution of epoch %d stands in no block yet: %s", epoch, open.hash());
    }
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }
}
