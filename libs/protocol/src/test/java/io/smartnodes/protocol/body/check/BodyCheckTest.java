package io.smartnodes.protocol.body.check;

import static io.smartnodes.protocol.transition.World.COINS_PER_UNIT;
import static io.smartnodes.protocol.transition.World.DOMAIN;
import static io.smartnodes.protocol.transition.World.HOME;
import static io.smartnodes.protocol.transition.World.NODES;
import static io.smartnodes.protocol.transition.World.OPERATORS;
import static io.smartnodes.protocol.transition.World.OTHER;
import static io.smartnodes.protocol.transition.World.SEED;
import static io.smartnodes.protocol.transition.World.TOKEN;
import static io.smartnodes.protocol.transition.World.USER;
import static io.smartnodes.protocol.transition.World.allot;
import static io.smartnodes.protocol.transition.World.key;
import static io.smartnodes.protocol.transition.World.receipt;
import static io.smartnodes.protocol.transition.World.registration;
import static io.smartnodes.protocol.transition.World.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.Evidence;
import io.smartnodes.protocol.body.SignedAllot;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.body.SignedRelease;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.transition.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyCheckTest extends BodyFixture {
  @Test
  void aBodyOfEverythingIsValid() {
    assertThat(check(full())).isInstanceOf(BodyCheck.Valid.class);
  }

  @Test
  void anAlteredRegistrationIsRejected() {
    SignedRegistration good = registration(key(31), key(32), 1);
    rejected(
        "registration",
        "not signed by its account",
        new SignedRegistration(
            good.registration(),
            garbled(good.accountSignature()),
            good.nodeSignature(),
            good.introducer(),
            good.introducerSignature()));
    rejected(
        "registration",
        "not signed by its node key",
        new SignedRegistration(
            good.registration(),
            good.accountSignature(),
            good.accountSignature(),
            good.introducer(),
            good.introducerSignature()));
    rejected(
        "registration",
        "introduction is not signed",
        new SignedRegistration(
            good.registration(),
            good.accountSignature(),
            good.nodeSignature(),
            OPERATORS.get(1).address(),
            good.introducerSignature()));
    rejected(
        "registration",
        "no active validator",
        new SignedRegistration(
            good.registration(),
            good.accountSignature(),
            good.nodeSignature(),
            USER.address(),
            good.introducerSignature()));
  }

  @Test
  void anAlteredAllotOrReleaseIsRejected() {
    SignedAllot allot = allot(USER, COINS, HOME, 5);
    rejected("allot", "not signed", new SignedAllot(allot.allot(), Bytes.EMPTY));
    rejected(
        "allot",
        "not signed",
        new SignedAllot(allot(USER, COINS, HOME, 6).allot(), allot.accountSignature()));
    SignedRelease release = release(USER, COINS, HOME, 5);
    rejected(
        "release",
        "not signed",
        new SignedRelease(release.release(), garbled(release.accountSignature())));
  }

  @Test
  void anAlteredHoldIsRejected() {
    SignedHold good = world.hold(world.spec(TOKEN, 4, COINS, 7), COINS);
    SignedHold other = world.hold(world.spec(TOKEN, 4, COINS, 8), COINS);
    rejected(
        "hold",
        "for another job",
        new SignedHold(good.spec(), good.userSignature(), other.hold(), other.homeSignature()));
    Hold foreign =
        new Hold(good.hold().jobId(), OPERATORS.get(1).address(), COINS, good.hold().stateEpoch());
    rejected(
        "hold",
        "of another home",
        new SignedHold(
            good.spec(), good.userSignature(), foreign, DOMAIN.sign(foreign, NODES.get(1))));
    rejected(
        "hold",
        "not signed by its user",
        new SignedHold(good.spec(), other.userSignature(), good.hold(), good.homeSignature()));
    rejected(
        "hold",
        "not signed by the node key",
        new SignedHold(good.spec(), good.userSignature(), good.hold(), other.homeSignature()));
  }

  @Test
  void anAlteredReceiptIsRejected() {
    SignedReceipt good = receipt(job(), 0, 2, COINS_PER_UNIT);
    SignedReceipt other = receipt(job(), 2, 2, COINS_PER_UNIT);
    rejected(
        "receipt",
        "the lease is for other work",
        new SignedReceipt(
            good.receipt(), good.workerSignature(), other.lease(), other.homeSignature()));
    rejected(
        "receipt",
        "the lease is not signed",
        new SignedReceipt(
            good.receipt(), good.workerSignature(), good.lease(), other.homeSignature()));
    rejected(
        "receipt",
        "not signed by the worker's node key",
        new SignedReceipt(
            good.receipt(), other.workerSignature(), good.lease(), good.homeSignature()));
    rejected(
        "receipt",
        "the worker is not registered",
        receipt(job(), key(60), key(61), 0, 2, COINS_PER_UNIT));
    rejected("receipt", "the job is unknown", receipt(SEED, 0, 2, COINS_PER_UNIT));
    Lease lease = good.lease();
    Lease stolen =
        new Lease(
            lease.jobId(),
            lease.number(),
            lease.first(),
            lease.count(),
            OTHER.address(),
            lease.unitPrice(),
            lease.deadline());
    rejected(
        "receipt",
        "not signed by the worker's node key",
        new SignedReceipt(
            good.receipt(), good.workerSignature(), stolen, DOMAIN.sign(stolen, NODES.getFirst())));
  }

  @Test
  void aVoteIsForTheExecutedDigestInItsRoundAndOncePerVoter() {
    EpochVote good = world.vote(0, DIGEST);
    rejected("vote", "is not signed", world.vote(0, SEED));
    rejected("vote", "is not signed", new EpochVote(HOME, 1, good.signature()));
    rejected(
        "vote", "is not signed", new EpochVote(OPERATORS.get(1).address(), 0, good.signature()));
    rejected("vote", "who had none", new EpochVote(USER.address(), 0, good.signature()));
    EpochVote again =
        new EpochVote(
            HOME, 1, DOMAIN.sign(new Vote(world.state().epoch(), 1, DIGEST), NODES.getFirst()));
    assertThat(check(world.body(good, again))).asString().contains("its voter is listed twice");
    World first = new World();
    assertThat(new BodyCheck(first.state(), chain).check(first.body(first.vote(0, DIGEST))))
        .asString()
        .contains("nobody voted before the first epoch");
  }

  @Test
  void listsAscendWithoutRepetitionAndEvidenceHasNoKindYet() {
    Body full = full();
    List<EpochVote> reversed = new ArrayList<>(full.votes()).reversed();
    assertThat(check(votes(full, reversed))).asString().contains("not in ascending order");
    EpochVote vote = full.votes().getFirst();
    assertThat(check(votes(full, List.of(vote, vote)))).asString().contains("it is repeated");
    Body evidence =
        new Body(
            world.next(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new Evidence(1, SEED, Bytes.EMPTY)),
            List.of());
    assertThat(check(evidence)).asString().contains("no kind of evidence is defined");
    Body early =
        new Body(
            1, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
            List.of());
    assertThat(check(early)).asString().contains("it is of epoch 1 after 2");
  }
}
