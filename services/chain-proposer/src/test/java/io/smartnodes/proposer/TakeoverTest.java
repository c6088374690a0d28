package io.smartnodes.proposer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.duty.SignerOwner;
import io.smartnodes.proposer.signer.NodeSigner;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Another process takes the lease, as it does after this one was paused or cut off. */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class TakeoverTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String OTHER = "localhost:1";

  @Inject Tx tx;
  @Inject Node node;
  @Inject Duty duty;
  @Inject NodeSigner signer;
  @Inject SignerOwner owner;
  @Inject EpochLoop loop;
  @Inject EpochStore epochs;
  @Inject ChainStore chain;
  @Inject ChainTime time;
  @Inject SelfChannel siblings;

  @Inject
  @Identifier("chain-proposer")
  StateView state;

  @Test
  void whoWasSucceededSignsAndStoresNothingAndComesBackAsAfterAStart() {
    until(() -> loop.epoch() > 0);
    long counted = counted();
    long executed = state.epoch();
    assertThat(signer.sign(List.of(vote(800))).await().atMost(LIMIT)).hasSize(1);

    anotherProcessTakesTheLease();

    // It does not know yet: its clock says that it acts, and the transactions say no.
    assertThatThrownBy(() -> signer.sign(List.of(vote(801))).await().atMost(LIMIT))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    assertThatThrownBy(() -> chain.keep(List.of(), 1, List.of(), List.of()))
        .isInstanceOfAny(LeaseLost.class, StatusRuntimeException.class);
    assertThat(counted()).isEqualTo(counted + 1);
    assertThat(epochs.signed(801).in(801, 0)).isEmpty();

    until(() -> !duty.isActive() && loop.current().isEmpty() && time.now().isEmpty());
    assertThat(owner.addressOf(SignerGrpc.getSignMethod(), SignRequest.getDefaultInstance()))
        .contains(OTHER);
    assertThat(endorsement().getPublicKey())
        .isEqualTo(Fields.bytes(ProposerNode.NODE.publicKey().bytes()));

    Instant back = node.client().block(node.client().headNumber()).orElseThrow().time();
    theOtherProcessLetsGo();
    until(duty::isActive);
    assertThat(signer.sign(List.of(vote(801))).await().atMost(LIMIT)).hasSize(1);
    until(() -> loop.current().isPresent());
    assertThat(loop.current().orElseThrow().state().setup().votesFrom()).isAfterOrEqualTo(back);
    until(() -> state.epoch() >= executed + 2);
  }

  private io.smartnodes.proto.signer.v1.EndorseResponse endorsement() {
    return SignerGrpc.newBlockingStub(siblings.to("chain-proposer"))
        .endorse(
            EndorseRequest.newBuilder()
                .setSubjectPublicKeyInfoHash(Fields.bytes(Keccak.text("sibling")))
                .setNotAfter(Instant.now().plusSeconds(600).getEpochSecond())
                .setToken(ProposerNode.TOKEN)
                .build());
  }

  private void anotherProcessTakesTheLease() {
    assertThat(
            lease(
                "holder = :holder, fence = fence + 1, address = '"
                    + OTHER
                    + "', until = clock_timestamp() + interval '1 hour'",
                Map.of("holder", UUID.randomUUID())))
        .isEqualTo(1);
  }

  private void theOtherProcessLetsGo() {
    assertThat(lease("holder = null, address = '', until = '-infinity'", Map.of())).isEqualTo(1);
  }

  private int lease(String set, Map<String, ?> parameters) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.execute(
                "update {h-schema}unit_lease set " + set + " where name = '" + Turn.LEASE + "'",
                parameters));
  }

  private long counted() {
    return tx.runAndAwait(
            Rows.UNIT,
            session ->
                Rows.list(
                    "select count(*), 1 from {h-schema}guard where key like '80%'",
                    Map.of(), row -> row.number(0)))
        .getFirst();
  }

  private static Signable vote(long epoch) {
    return Signable.newBuilder()
        .setVote(EpochStructs.toProto(new Vote(epoch, 0, Keccak.text("digest"))))
        .build();
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(50_000_000L);
    }
  }
}
