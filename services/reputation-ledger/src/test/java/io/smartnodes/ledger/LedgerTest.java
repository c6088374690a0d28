package io.smartnodes.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.Event;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetHeadResponse;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateProof;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.LeafWire;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The ledger with its database, over mutual TLS; one story, since it has one state. */
@QuarkusTest
@QuarkusTestResource(LedgerNode.class)
class LedgerTest {
  private static final Bytes32 SET = Bytes32.ofNumber(3);
  private static final NodeKey NEWCOMER = NodeKey.of(Bytes32.ofNumber(77));
  private static final Bytes32 SEED = Bytes32.ofNumber(55);
  private static final Amount COINS = Amount.ofCoins(20);

  @Inject SelfChannel siblings;
  @Inject StateLedger ledger;
  @Inject LedgerEvents events;
  @Inject LedgerStore store;
  @Inject LedgerConfig config;
  @Inject io.smartnodes.events.signal.Signals signals;
  @Inject Tx tx;

  @Test
  void anEpochIsDerivedAppliedProvenReplayedAndRefusedWhenItDiffers() throws Exception {
    assertThat(ledgerStub().getHead(GetHeadRequest.getDefaultInstance()).getStateRoot())
        .isEqualTo(Fields.bytes(LedgerNode.DEPLOYMENT.genesisRoot()));
    assertThat(told())
        .singleElement()
        .satisfies(genesis -> {
          assertThat(genesis.getEpoch()).isZero();
          assertThat(genesis.getLastPart()).isTrue();
          assertThat(genesis.getChangesCount()).isEqualTo(4);
        });

    Derived derived = ledgerStub().derive(request(1, Bytes32.ZERO)).getDerived();
    assertThat(derived.getEffectiveItems()).isEqualTo(2);
    assertThat(Bytes.of(derived.getNextSet().toByteArray()).keccak())
        .isEqualTo(Fields.bytes32(derived.getUpdate().getNextSetHash(), "next set"));
    EpochExecuted executed = executed(derived);
    deliver(executed);
    deliver(executed);
    applied(1);
    assertThat(told()).hasSize(2);

    LeafKey key =
        LeafKey.allotment(
            LedgerNode.OPERATOR.address(), LedgerNode.TOKEN, LedgerNode.OPERATOR.address());
    GetLeafResponse leaf = ledgerStub().getLeaf(leaf(key, 0));
    Struct value = LeafWire.fromProto(leaf.getLeaf(), "leaf");
    assertThat(((Allotment) value).amount()).isEqualTo(COINS);
    List<Bytes32> siblings =
        leaf.getSiblingsList().stream().map(sibling -> Fields.bytes32(sibling, "s")).toList();
    assertThat(
            new StateProof(key, value, siblings)
                .verify(Fields.bytes32(derived.getUpdate().getStateRoot(), "root")))
        .isTrue();
    assertThat(refusal(() -> ledgerStub().getLeaf(leaf(LeafKey.job(SET), 0))))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    assertThat(refusal(() -> ledgerStub().derive(request(1, Bytes32.ZERO))))
        .isEqualTo(ErrorCode.ERROR_CODE_WRONG_EPOCH);
    assertThat(refusal(() -> ledgerStub().derive(request(3, Bytes32.ZERO))))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    assertThat(ledgerStub().derive(request(2, SET)).getRejected().getItem())
        .isEqualTo("previous digest");

    StateLedger second = new StateLedger(store, config, signals, path());
    second.start(new io.quarkus.runtime.StartupEvent());
    try {
      drained();
      appliedByBoth(second);
      rootOfAnOlderEpochIsKnown(derived);
    } finally {
      second.close();
    }
    replayed();
    appendOnly();
    blocksCountOnceTheyAreConfirmed();
    differing();
  }

  /** Only the inbox is taken in, and the newcomer of the epoch before gets its seat. */
  private void drained() throws InterruptedException {
    Bytes32 digest = ledger.states().newest().orElseThrow().digest();
    Derived derived = ledgerStub().derive(drain(digest)).getDerived();
    assertThat(Fields.bytes32(derived.getUpdate().getBodyHash(), "body")).isEqualTo(Bytes32.ZERO);
    assertThat(derived.getNextSet()).isEmpty();
    deliver(executed(derived, drain(digest).getInboxList()));
    applied(2);
    GetLeafResponse left =
        ledgerStub()
            .getLeaf(
                leaf(
                    LeafKey.allotment(
                        LedgerNode.OPERATOR.address(),
                        LedgerNode.TOKEN,
                        LedgerNode.OPERATOR.address()),
                    0));
    assertThat(((Allotment) LeafWire.fromProto(left.getLeaf(), "leaf")).amount())
        .isEqualTo(Amount.ofCoins(15));
    GetLeafResponse leaf = ledgerStub().getLeaf(leaf(LeafKey.validator(NEWCOMER.address()), 0));
    Validator newcomer = (Validator) LeafWire.fromProto(leaf.getLeaf(), "leaf");
    assertThat(newcomer.seat()).isEqualTo(Picks.seat(NEWCOMER.address(), SEED));
    assertThat(newcomer.since()).isEqualTo(1);
  }

  /** Whoever stores an epoch tells of it; the other finds it stored and answers alike. */
  private void appliedByBoth(StateLedger second) throws InterruptedException {
    within(() -> second.states().after(2).isPresent());
    assertThat(second.states().newest().orElseThrow().entryHash())
        .isEqualTo(ledger.states().newest().orElseThrow().entryHash());
    assertThat(second.stopped()).isEmpty();
    assertThat(told()).hasSize(3);
  }

  /** The state after epoch 1 proves nothing any more; where it stood is written. */
  private void rootOfAnOlderEpochIsKnown(Derived first) {
    assertThat(refusal(() -> ledgerStub().getLeaf(leaf(LeafKey.HEAD, 1))))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
    GetHeadResponse head = ledgerStub().getHead(head(1));
    assertThat(head.getEpoch()).isEqualTo(1);
    assertThat(head.getStateRoot()).isEqualTo(first.getUpdate().getStateRoot());
    assertThat(head.getAsOf()).isEqualTo(first.getUpdate().getAsOf());
    assertThat(head.getSeed()).isEqualTo(Fields.bytes(SEED));
    assertThat(ledgerStub().getHead(head(2))).isEqualTo(ledgerStub().getHead(head(0)));
    assertThat(refusal(() -> ledgerStub().getHead(head(3))))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
  }

  private static GetHeadRequest head(long epoch) {
    return GetHeadRequest.newBuilder().setEpoch(epoch).build();
  }

  private void replayed() {
    StateLedger again = new StateLedger(store, config, signals, path());
    again.start(new io.quarkus.runtime.StartupEvent());
    try {
      assertThat(again.states().newest().orElseThrow().root())
          .isEqualTo(ledger.states().newest().orElseThrow().root());
      assertThat(again.states().newest().orElseThrow().entryHash())
          .isEqualTo(ledger.states().newest().orElseThrow().entryHash());
      assertThat(again.states().seed(1)).contains(SEED);
    } finally {
      again.close();
    }
  }

  private void appendOnly() {
    assertThatThrownBy(() ->
            tx.runAndAwait(
                LedgerStore.UNIT,
                session ->
                    session
                        .createNativeQuery("update {h-schema}epoch_entry set seed = 'x'")
                        .executeUpdate()))
        .hasStackTraceContaining("append-only");
  }

  private void blocksCountOnceTheyAreConfirmed() {
    deliver(block(10, Bytes32.ofNumber(100), 8));
    assertThat(store.confirmedBlocks(List.of(10L)).await().indefinitely()).isEmpty();
    deliver(block(10, Bytes32.ofNumber(101), 8));
    deliver(block(11, Bytes32.ofNumber(102), 10));
    assertThat(store.confirmedBlocks(List.of(10L, 11L)).await().indefinitely())
        .isEqualTo(Map.of(10L, Bytes32.ofNumber(101)));
  }

  private void differing() throws InterruptedException {
    Bytes32 digest = ledger.states().newest().orElseThrow().digest();
    Derived derived = ledgerStub().derive(request(3, digest)).getDerived();
    EpochExecuted other =
        executed(
            derived.toBuilder()
                .setUpdate(derived.getUpdate().toBuilder().setStateRoot(Fields.bytes(SET)))
                .build());
    deliver(other);
    within(() -> ledger.stopped().isPresent());
    assertThat(ledger.states().newest().orElseThrow().state().epoch()).isEqualTo(2);
    assertThat(refusal(() -> ledgerStub().derive(request(3, digest))))
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
  }

  private void applied(long epoch) throws InterruptedException {
    within(() -> ledger.states().after(epoch).isPresent());
  }

  private static void within(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited for minutes").isNegative();
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
  }

  private static DeriveRequest request(long epoch, Bytes32 previousDigest) {
    DeriveRequest.Builder request =
        DeriveRequest.newBuilder()
            .setEpoch(epoch)
            .setBody(Body.newBuilder().setEpoch(epoch))
            .setBuild(true)
            .setAsOf(LedgerNode.TIME.plusSeconds(20 * epoch).getEpochSecond())
            .setPreviousDigest(Fields.bytes(previousDigest));
    if (epoch == 1) {
      request.addInbox(money(0, InboxKind.DEPOSIT, COINS)).addInbox(join());
    }
    return request.build();
  }

  private static DeriveRequest drain(Bytes32 previousDigest) {
    return request(2, previousDigest).toBuilder()
        .setDrain(true)
        .addInbox(money(2, InboxKind.ESCAPE, Amount.ofCoins(5)))
        .build();
  }

  private static io.smartnodes.proto.types.v1.InboxItem money(
      long index, InboxKind kind, Amount amount) {
    return EpochStructs.toProto(
        new InboxItem(
            index,
            kind,
            LedgerNode.OPERATOR.address(),
            LedgerNode.TOKEN,
            amount,
            LedgerNode.OPERATOR.address(),
            Bytes32.ZERO));
  }

  private static io.smartnodes.proto.types.v1.InboxItem join() {
    byte[] key = NEWCOMER.publicKey().bytes().toArray();
    return EpochStructs.toProto(
        new InboxItem(
            1,
            InboxKind.JOIN,
            NEWCOMER.address(),
            Address.fromWord(Bytes32.ofNumber(LedgerNode.TIME.getEpochSecond())),
            new Amount(new java.math.BigInteger(1, java.util.Arrays.copyOf(key, 32))),
            NEWCOMER.address(),
            Bytes32.of(java.util.Arrays.copyOfRange(key, 32, 64))));
  }

  private static EpochExecuted executed(Derived derived) {
    return executed(derived, request(derived.getUpdate().getEpoch(), Bytes32.ZERO).getInboxList());
  }

  private static EpochExecuted executed(
      Derived derived, List<io.smartnodes.proto.types.v1.InboxItem> inbox) {
    long epoch = derived.getUpdate().getEpoch();
    return EpochExecuted.newBuilder()
        .setEpoch(epoch)
        .setUpdate(derived.getUpdate())
        .setDigest(derived.getDigest())
        .setBody(derived.getBody())
        .addAllInbox(inbox)
        .setSeed(Fields.bytes(SEED))
        .build();
  }

  private static BlockSeen block(long number, Bytes32 hash, long confirmed) {
    return BlockSeen.newBuilder()
        .setNumber(number)
        .setHash(Fields.bytes(hash))
        .setConfirmedNumber(confirmed)
        .build();
  }

  private void deliver(Message message) {
    Event event =
        new Event(
            UUID.randomUUID(),
            "epoch.v1",
            "epoch",
            message.getDescriptorForType().getFullName(),
            message.toByteString(),
            Instant.EPOCH);
    tx.runAndAwait(LedgerStore.UNIT, session -> events.on(event));
  }

  /** What waits in the outbox: nothing takes it away here. */
  private List<StateAdvanced> told() {
    return tx.runAndAwait(
        LedgerStore.UNIT,
        session ->
            session
                .createNativeQuery(
                    "select encode(payload, 'hex') from {h-schema}outbox_event order by id",
                    String.class)
                .getResultList()
                .map(rows -> rows.stream().map(LedgerTest::advanced).toList()));
  }

  private static StateAdvanced advanced(String hex) {
    try {
      return StateAdvanced.parseFrom(io.smartnodes.crypto.Hex.decode(hex));
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static GetLeafRequest leaf(LeafKey key, long epoch) {
    return GetLeafRequest.newBuilder()
        .setType(key.type().code())
        .setKey(Fields.bytes(key.key()))
        .setEpoch(epoch)
        .build();
  }

  private LedgerGrpc.LedgerBlockingStub ledgerStub() {
    return LedgerGrpc.newBlockingStub(siblings.to("reputation-ledger"));
  }

  private static java.nio.file.Path path() {
    return org.eclipse.microprofile.config.ConfigProvider.getConfig()
        .getValue("smartnodes.deployment", java.nio.file.Path.class);
  }

  private static ErrorCode refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return Errors.read(e).orElseThrow(() -> e).code();
    }
    throw new AssertionError("the call was not refused");
  }
}
