package io.smartnodes.proposer;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.set.Standing;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * The set changes on the chain and in the state: a second validator, played by this test, joins,
 * votes, rotates its key, votes by the new one, and leaves. Nothing executes without its votes
 * while the set has it.
 */
@QuarkusTest
@QuarkusTestResource(ProposerNode.class)
class SetChangeTest {
  private static final Address JOINER = ProposerNode.JOINER.address();
  private static final NodeKey FIRST = NodeKey.of(Keccak.text("joiner one"));
  private static final NodeKey SECOND = NodeKey.of(Keccak.text("joiner two"));

  @Inject SelfChannel siblings;
  @Inject Node node;
  @Inject EpochStore epochs;
  @Inject ChainStore chain;
  @Inject ValidatorSets sets;

  @Inject
  @Identifier("chain-proposer")
  StateView state;

  private final Set<Vote> cast = new HashSet<>();

  @Test
  void aValidatorJoinsVotesRotatesItsKeyAndLeaves() {
    assertThat(sets.standing()).isEqualTo(Standing.VOTING);
    TransactionSender joiner = TransactionSender.inMemory(node.client(), ProposerNode.JOINER);
    MultisigCalls multisig = node.contracts().multisig();
    Amount stake = Amount.ofCoins(1_000);
    send(joiner, node.contracts().token().approve(multisig.address(), stake));
    send(
        joiner,
        multisig.join(
            FIRST.publicKey(),
            JOINER,
            MultisigCalls.proof(node.deployment().domain(), JOINER, FIRST),
            stake));
    until(() -> status() == 1, FIRST);
    assertThat(sets.next().operators()).containsExactly(ProposerNode.OPERATOR.address(), JOINER);
    long joined = state.epoch();
    assertThat(joiner().since()).isEqualTo(joined);
    assertThat(node.contracts().multisig().validatorSet()).isEqualTo(sets.next().blob());

    until(() -> state.epoch() >= joined + 2, FIRST);
    assertThat(chain.execution(joined + 1).orElseThrow().bitmap().bitCount()).isEqualTo(2);
    assertThat(sets.of(joined).members()).hasSize(1);
    assertThat(sets.of(joined + 1).members()).hasSize(2);

    send(
        joiner,
        multisig.rotate(
            SECOND.publicKey(),
            JOINER,
            MultisigCalls.proof(node.deployment().domain(), JOINER, SECOND)));
    until(() -> joiner().publicKey().equals(SECOND.publicKey().bytes()), FIRST);
    assertThat(joiner().formerKey()).isEqualTo(FIRST.publicKey().bytes());
    long rotated = state.epoch();
    EpochSet renewed = sets.next();
    assertThat(node.contracts().multisig().validatorSet()).isEqualTo(renewed.blob());
    until(() -> state.epoch() > rotated, SECOND);

    send(joiner, multisig.exit());
    until(() -> status() == Validator.LEFT, SECOND);
    long left = state.epoch();
    assertThat(sets.next().operators()).containsExactly(ProposerNode.OPERATOR.address());
    until(() -> state.epoch() > left, SECOND);
    assertThat(chain.execution(left + 1).orElseThrow().bitmap().bitCount()).isEqualTo(1);
    assertThat(node.contracts().multisig().validatorSet()).isEqualTo(sets.next().blob());
  }

  private static void send(TransactionSender sender, ContractCall call) {
    assertThat(sender.send(call)).isInstanceOf(TransactionOutcome.Mined.class);
  }

  private Validator joiner() {
    return state.validators().of(JOINER).orElseThrow();
  }

  private int status() {
    return state.validators().of(JOINER).map(Validator::status).orElse(0);
  }

  /** Waits, and meanwhile votes for whatever the real validator votes for. */
  private void until(BooleanSupplier condition, NodeKey key) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      if (sets.next().member(JOINER).isPresent()) {
        follow(state.epoch() + 1, key);
      }
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private void follow(long epoch, NodeKey key) {
    List<EpochStore.CastVote> votes = epochs.votes(epoch);
    for (EpochStore.CastVote seen : votes) {
      if (seen.operator().equals(ProposerNode.OPERATOR.address()) && !cast.contains(seen.vote())) {
        try {
          var answer =
              EpochsGrpc.newBlockingStub(siblings.to("chain-proposer"))
                  .castVote(
                      CastVoteRequest.newBuilder()
                          .setVote(EpochStructs.toProto(seen.vote()))
                          .setOperator(Fields.bytes(JOINER))
                          .setSignature(
                              Fields.bytes(node.deployment().domain().sign(seen.vote(), key)))
                          .build());
          assertThat(answer).isNotNull();
          cast.add(seen.vote());
        } catch (StatusRuntimeException late) {
          // The epoch has gone on since it was looked at.
          assertThat(late.getStatus().getCode()).isNotNull();
        }
      }
    }
  }
}
