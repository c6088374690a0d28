package io.smartnodes.proposer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.epoch.v1.GetEpochRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.AckToSign;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.wire.AttestationStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One validator's proposer and ledger on a real chain: epochs pass, and the guard holds. */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class ChainProposerTest {
  @Inject SelfChannel siblings;
  @Inject SignerClient signer;
  @Inject Node node;

  @Inject
  @Identifier("chain-proposer")
  StateView state;

  @Test
  void epochsAreExecutedOnTheChainWithDepositsAndTheVotesOfTheEpochBefore() {
    TransactionSender user = TransactionSender.inMemory(node.client(), ProposerNode.FUNDED);
    Address home = ProposerNode.OPERATOR.address();
    user.send(node.contracts().core().deposit(Address.ZERO, Amount.of(500), home));

    LeafKey allotment = LeafKey.allotment(ProposerNode.FUNDED.address(), Address.ZERO, home);
    await(() -> state.leaf(2, allotment.key()));
    await(() -> state.epoch() >= 2 ? Optional.of(state) : Optional.empty());
    long epoch = state.epoch();
    EpochView view = await(() -> executed(epoch));
    assertThat(view.getValidators()).isEqualTo(1);
    assertThat(view.getVotersList()).containsExactly(Fields.bytes(home));
    assertThat(view.getProposersList()).containsExactly(Fields.bytes(home));
    assertThat(view.getItemsOrThrow("votes")).isEqualTo(1);
    assertThat(view.getGasUsed()).isPositive();
    assertThat(view.getRefusalsList()).isEmpty();
    assertThat(node.contracts().core().stateRootOf(epoch))
        .contains(Fields.bytes32(view.getUpdate().getStateRoot(), "root"));

    assertThat(state.leaf(2, allotment.key()).orElseThrow().getAllotment().getAmount())
        .isEqualTo(Fields.bytes(Amount.of(500)));
    LeafKey payout = LeafKey.payout(home, node.deployment().token());
    assertThat(state.leaf(5, payout.key())).isPresent();

    var chunks =
        EpochsGrpc.newBlockingStub(siblings.to("chain-proposer"))
            .fetchBody(FetchBodyRequest.newBuilder().setDigest(view.getDigest()).build());
    ByteString bytes = ByteString.EMPTY;
    while (chunks.hasNext()) {
      bytes = bytes.concat(chunks.next().getData());
    }
    assertThat(parsed(bytes).getVotesCount()).isEqualTo(1);
  }

  @Test
  void theGuardSignsOneVotePerRoundAndTheSameOneAgain() {
    Bytes first = signer.sign(vote(900, 1, "a"));
    assertThat(signer.sign(vote(900, 1, "a"))).isEqualTo(first);
    assertThat(refusal(() -> signer.sign(vote(900, 1, "b"))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    assertThat(refusal(() -> signer.sign(List.of(vote(900, 2, "c"), vote(900, 1, "b")))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    // All or nothing: the first of the refused batch left no mark.
    assertThat(signer.sign(vote(900, 2, "d")).size()).isEqualTo(65);
    assertThat(
            node.deployment()
                .domain()
                .isSignedBy(new Vote(900, 1, Keccak.text("a")), first, ProposerNode.NODE.address()))
        .isTrue();
  }

  @Test
  void aHoldIsSignedAgainForALaterStateOnly() {
    // Another test of this process may have moved the fence by two epochs.
    await(() -> state.epoch() >= 4 ? Optional.of(state) : Optional.empty());
    signer.sign(hold(5, 40));
    signer.sign(hold(5, 40));
    assertThat(refusal(() -> signer.sign(hold(6, 40))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    assertThat(refusal(() -> signer.sign(hold(5, 39))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    assertThat(signer.sign(hold(6, 43)).size()).isEqualTo(65);
  }

  @Test
  void aVoidedReceiptFreesItsUnitsForAnotherLeaseButNeverWithinItsOwn() {
    Bytes first = signer.sign(ack(1, "first", 0, 10));
    assertThat(signer.sign(ack(1, "first", 0, 10))).isEqualTo(first);
    assertThat(refusal(() -> signer.sign(ack(2, "second", 9, 1))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    // Two acknowledgements under one lease would cost the stake, whatever a certificate says.
    assertThat(refusal(() -> signer.sign(ack(1, "second", 9, 3, "first"))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    assertThat(signer.sign(ack(2, "second", 9, 3, "first")).size()).isEqualTo(65);
    assertThat(refusal(() -> signer.sign(ack(2, "third", 9, 3, "second"))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    assertThat(refusal(() -> signer.sign(ack(1, "first", 0, 10))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
  }

  @Test
  void aRefutationMayFollowAConfirmationButNeverTheReverse() {
    signer.sign(confirmed("one"));
    assertThat(signer.sign(refutation("one")).size()).isEqualTo(65);
    assertThat(refusal(() -> signer.sign(confirmed("one"))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
    signer.sign(refutation("two"));
    assertThat(refusal(() -> signer.sign(confirmed("two"))))
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_SIGNED);
  }

  @Test
  void aTlsKeyIsEndorsedForTheOperatorsTokenOnly() {
    var stub = SignerGrpc.newBlockingStub(siblings.to("chain-proposer"));
    EndorseRequest request =
        EndorseRequest.newBuilder()
            .setSubjectPublicKeyInfoHash(Fields.bytes(Keccak.text("tls")))
            .setNotAfter(Instant.now().plusSeconds(600).getEpochSecond())
            .setToken(ProposerNode.TOKEN)
            .build();
    assertThat(stub.endorse(request).getPublicKey())
        .isEqualTo(Fields.bytes(ProposerNode.NODE.publicKey().bytes()));
    assertThat(refusal(() -> stub.endorse(request.toBuilder().setToken("guess").build())))
        .isEqualTo(ErrorCode.ERROR_CODE_UNAUTHENTICATED);
    long late = Instant.now().plus(Duration.ofDays(2)).getEpochSecond();
    assertThat(refusal(() -> stub.endorse(request.toBuilder().setNotAfter(late).build())))
        .isEqualTo(ErrorCode.ERROR_CODE_MALFORMED);
  }

  private Optional<EpochView> executed(long epoch) {
    try {
      EpochView view =
          EpochsGrpc.newBlockingStub(siblings.to("chain-proposer"))
              .getEpoch(GetEpochRequest.newBuilder().setEpoch(epoch).build());
      return Optional.of(view).filter(EpochView::getExecuted);
    } catch (StatusRuntimeException e) {
      assertThat(Errors.read(e).orElseThrow().code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
      return Optional.empty();
    }
  }

  private static Signable vote(long epoch, int round, String digest) {
    return Signable.newBuilder()
        .setVote(EpochStructs.toProto(new Vote(epoch, round, Keccak.text(digest))))
        .build();
  }

  private static Signable hold(long amount, long stateEpoch) {
    Hold hold =
        new Hold(
            Keccak.text("job"), ProposerNode.OPERATOR.address(), Amount.of(amount), stateEpoch);
    return Signable.newBuilder().setHold(JobStructs.toProto(hold)).build();
  }

  private static Signable ack(
      long lease, String receipt, long first, long count, String... voided) {
    AckToSign.Builder ack =
        AckToSign.newBuilder()
            .setAck(JobStructs.toProto(new Ack(Keccak.text("job"), lease, Keccak.text(receipt))))
            .setFirst(first)
            .setCount(count);
    for (String old : voided) {
      ack.addVoidedReceipts(Fields.bytes(Keccak.text(old)));
    }
    return Signable.newBuilder().setAck(ack).build();
  }

  private static Signable confirmed(String receipt) {
    return Signable.newBuilder()
        .setConfirmed(AttestationStructs.toProto(new Confirmed(Keccak.text(receipt), 0, List.of())))
        .build();
  }

  private static Signable refutation(String receipt) {
    Bytes32 hash = Keccak.text("output");
    return Signable.newBuilder()
        .setRefutation(
            AttestationStructs.toProto(
                new Refutation(Keccak.text(receipt), 3, hash, hash, hash, new Fuel(7))))
        .build();
  }

  private static ErrorCode refusal(Runnable call) {
    StatusRuntimeException[] thrown = new StatusRuntimeException[1];
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(StatusRuntimeException.class, e -> thrown[0] = e);
    return Errors.read(thrown[0]).orElseThrow().code();
  }

  private static Body parsed(ByteString bytes) {
    try {
      return Body.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T await(Supplier<Optional<T>> look) {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (System.nanoTime() < end) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      java.util.concurrent.locks.LockSupport.parkNanos(200_000_000L);
    }
    throw new AssertionError("it did not happen within three minutes");
  }
}
