package io.smartnodes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.state.StateView;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.FindNodeRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.PublishRequest;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.proto.peer.v1.RegisterResponse;
import io.smartnodes.proto.peer.v1.ResolveRequest;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.Introduction;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import io.smartnodes.wire.StateStructs;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The registry as it runs: a database, mutual TLS, events, a signer, another validator. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PeerRegistryTest {
  private static final NodeKey ACCOUNT = NodeKey.of(Bytes32.ofNumber(1001));
  private static final NodeKey WORKER = NodeKey.of(Bytes32.ofNumber(1002));
  private static final NodeKey NEWCOMER = NodeKey.of(Bytes32.ofNumber(1003));
  private static final NodeKey ROTATED = NodeKey.of(Bytes32.ofNumber(1004));

  private static final int MANY = 100;

  @Inject Tx tx;
  @Inject Outbox outbox;
  @Inject Contacts contacts;
  @Inject Members members;
  @Inject TestBeans.Pool pool;
  @Inject @Readiness Contacts.Reach reach;

  @Inject
  @Identifier("peer-registry")
  StateView state;

  @Test
  @Order(1)
  void beforeTheStateIsKnownARegistrationIsAskedToComeAgain() {
    assertThat(refused(WORKER, registration(WORKER, 1), ACCOUNT).code())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_READY);
    assertThat(reach.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
  }

  @Test
  @Order(3)
  void withTheGenesisItAnnouncesItselfAndFindsTheOtherValidator() throws InterruptedException {
    try (OtherValidator other = new OtherValidator()) {
      advance(
          0,
          validator(TestKeys.OPERATOR, TestKeys.KEY),
          validator(TestKeys.OTHER_OPERATOR, TestKeys.OTHER));
      PeerId otherPeer = PeerId.of(TestKeys.OTHER.publicKey());
      within(() -> contacts.table().contains(otherPeer));

      assertThat(other.stored.poll(5, TimeUnit.MINUTES)).isEqualTo(contacts.own().orElseThrow());
      assertThat(reach.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
      try (Client self = new Client(TestKeys.KEY)) {
        assertThat(
                self.stub
                    .resolve(ResolveRequest.newBuilder().setPeerId(Fields.bytes(otherPeer)).build())
                    .getNode()
                    .getRecord()
                    .getEndpoints(0)
                    .getPort())
            .isEqualTo(TestKeys.otherPort());
        assertThat(
                self.stub
                    .listValidators(ListValidatorsRequest.getDefaultInstance())
                    .getValidatorsList())
            .hasSize(2)
            .allMatch(entry -> entry.hasNode());
      }
    }
  }

  @Test
  @Order(4)
  void aStrangerMayRegisterAndNothingElse() throws InterruptedException {
    Registration registration = registration(WORKER, 1);
    try (Client stranger = new Client(WORKER)) {
      StatusRuntimeException denied =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  stranger.stub.findNode(
                      FindNodeRequest.newBuilder().setTarget(Fields.bytes(Bytes32.ZERO)).build()));
      assertThat(Errors.read(denied).orElseThrow().code()).isEqualTo(ErrorCode.ERROR_CODE_STRANGER);

      RegisterResponse response = stranger.stub.register(signed(registration, ACCOUNT, WORKER));
      assertThat(Fields.bytes32(response.getRegistrationHash(), "hash"))
          .isEqualTo(registration.hashStruct());
      assertThat(stranger.stub.register(signed(registration, ACCOUNT, WORKER))).isEqualTo(response);
    }

    SignedRegistration accepted =
        BodyStructs.fromProto(
            java.util.Objects.requireNonNull(pool.accepted.poll(5, TimeUnit.MINUTES))
                .getRegistration(),
            "registration");
    assertThat(accepted.introducer()).isEqualTo(TestKeys.OPERATOR);
    assertThat(
            TestKeys.RULE
                .domain()
                .isSignedBy(
                    new Introduction(registration.hashStruct(), TestKeys.OPERATOR),
                    accepted.introducerSignature(),
                    TestKeys.KEY.address()))
        .isTrue();
    assertThat(pool.accepted).isEmpty();
  }

  @Test
  @Order(5)
  void aRefusedRegistrationNamesTheFieldAtFault() {
    Errors.Refusal refusal = refused(WORKER, registration(WORKER, 2), WORKER);

    assertThat(refusal.code()).isEqualTo(ErrorCode.ERROR_CODE_BAD_SIGNATURE);
    assertThat(refusal.field()).isEqualTo("account_signature");
    assertThat(refused(TestKeys.OTHER, registration(TestKeys.OTHER, 2), ACCOUNT).code())
        .isEqualTo(ErrorCode.ERROR_CODE_ALREADY_EXISTS);
  }

  @Test
  @Order(6)
  void onceRegisteredAWorkerPublishesWhereItListensAndIsFound() {
    advance(1, account());
    within(() -> state.epoch() == 1);
    NodeRecord record =
        new NodeRecord(
            PeerId.of(WORKER.publicKey()),
            ACCOUNT.address(),
            1,
            List.of(new Endpoint("worker", "localhost", 7600)),
            List.of("wasm"),
            5,
            Instant.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS));
    DhtRecord signed =
        new DhtRecord.OfNode(
            record, WORKER.publicKey(), TestKeys.RULE.domain().sign(record, WORKER));
    try (Client worker = new Client(WORKER);
        Client self = new Client(TestKeys.KEY)) {
      assertThat(
              worker
                  .stub
                  .publish(PublishRequest.newBuilder().setRecord(Records.toProto(signed)).build())
                  .getStored())
          .isGreaterThanOrEqualTo(1);
      assertThat(
              self.stub
                  .resolve(
                      ResolveRequest.newBuilder().setPeerId(Fields.bytes(record.peerId())).build())
                  .getNode())
          .isEqualTo(Records.toProto((DhtRecord.OfNode) signed));
    }
  }

  @Test
  @Order(7)
  void tooManyRegistrationsOfOnePeerAreRefused() {
    List<ErrorCode> codes = new ArrayList<>();
    // On a slow machine some of what is used up comes back meanwhile.
    while (!codes.contains(ErrorCode.ERROR_CODE_RATE_LIMITED) && codes.size() < MANY) {
      codes.add(refused(WORKER, registration(WORKER, 1), WORKER).code());
    }

    assertThat(codes).contains(ErrorCode.ERROR_CODE_RATE_LIMITED);
  }

  @Test
  @Order(8)
  void aNewcomerIsServedBeforeItIsInTheSetAndTheSignaturesOfOneThatLeftStayKnown() {
    Address newcomer = NodeKey.of(Bytes32.ofNumber(1005)).address();
    FindNodeRequest anything =
        FindNodeRequest.newBuilder().setTarget(Fields.bytes(Bytes32.ZERO)).build();
    try (Client node = new Client(NEWCOMER)) {
      assertThat(
              catchThrowableOfType(
                  StatusRuntimeException.class, () -> node.stub.findNode(anything)))
          .isNotNull();
      advance(2, validator(newcomer, NEWCOMER, Bytes.EMPTY, Validator.QUEUED));
      within(() -> state.epoch() == 2);
      assertThat(node.stub.findNode(anything).getNodesList()).isNotEmpty();
      // Waiting for its place, it is nobody's home.
      assertThat(listed(node).getValidatorsList()).hasSize(2);

      advance(3, validator(newcomer, ROTATED, NEWCOMER.publicKey().bytes(), State.ACTIVE));
      within(() -> state.epoch() == 3);
      // The node was not restarted with its new key yet.
      ListValidatorsResponse rotated = listed(node);
      assertThat(rotated.getValidatorsList())
          .filteredOn(entry -> entry.getOperator().equals(Fields.bytes(newcomer)))
          .singleElement()
          .satisfies(entry -> {
            assertThat(entry.getPeerId()).isEqualTo(Fields.bytes(PeerId.of(ROTATED.publicKey())));
            assertThat(entry.getFormerPeerId())
                .isEqualTo(Fields.bytes(PeerId.of(NEWCOMER.publicKey())));
          });
    }
    advance(4, validator(newcomer, ROTATED, NEWCOMER.publicKey().bytes(), Validator.LEFT));
    within(() -> state.epoch() == 4);
    try (Client node = new Client(ROTATED);
        Client self = new Client(TestKeys.KEY)) {
      assertThat(
              catchThrowableOfType(
                  StatusRuntimeException.class, () -> node.stub.findNode(anything)))
          .isNotNull();
      assertThat(listed(self).getValidatorsList()).hasSize(2);
      assertThat(listed(self).getLeftList())
          .singleElement()
          .satisfies(entry -> assertThat(entry.getOperator()).isEqualTo(Fields.bytes(newcomer)));
    }
  }

  private static ListValidatorsResponse listed(Client client) {
    return client.stub.listValidators(ListValidatorsRequest.getDefaultInstance());
  }

  @Test
  @Order(2)
  void aNodeToStartFromIsBelievedToBeAValidatorOfALaterState() {
    PeerId other = PeerId.of(TestKeys.OTHER.publicKey());
    assertThat(members.validators()).isEmpty();
    assertThat(members.unknownBootstraps()).containsExactly(other);
    assertThat(members.rolesOf(other, TestKeys.OTHER_OPERATOR)).containsExactly(Role.VALIDATOR);
    assertThat(members.rolesOf(PeerId.of(WORKER.publicKey()), ACCOUNT.address())).isEmpty();
  }

  private static Errors.Refusal refused(NodeKey node, Registration registration, NodeKey account) {
    try (Client client = new Client(node)) {
      return Errors.read(
              catchThrowableOfType(
                  StatusRuntimeException.class,
                  () -> client.stub.register(signed(registration, account, node))))
          .orElseThrow();
    }
  }

  private static Registration registration(NodeKey node, long sequence) {
    return new Registration(
        ACCOUNT.address(),
        node.publicKey().bytes(),
        1,
        ACCOUNT.address(),
        sequence,
        Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS));
  }

  private static RegisterRequest signed(Registration registration, NodeKey account, NodeKey node) {
    return RegisterRequest.newBuilder()
        .setRegistration(PeerStructs.toProto(registration))
        .setAccountSignature(Fields.bytes(TestKeys.RULE.domain().sign(registration, account)))
        .setNodeSignature(Fields.bytes(TestKeys.RULE.domain().sign(registration, node)))
        .build();
  }

  private static LeafChange validator(Address operator, NodeKey key) {
    return validator(operator, key, Bytes.EMPTY, State.ACTIVE);
  }

  private static LeafChange validator(Address operator, NodeKey key, Bytes former, int status) {
    Validator leaf =
        new Validator(
            operator,
            key.publicKey().bytes(),
            former,
            operator,
            Bytes32.ZERO,
            0,
            Instant.EPOCH,
            0,
            status == Validator.LEFT ? 2 : 0,
            Bytes32.ZERO,
            status);
    return change(6, operator, Leaf.newBuilder().setValidator(StateStructs.toProto(leaf)));
  }

  private static LeafChange account() {
    Account leaf =
        new Account(
            ACCOUNT.address(),
            WORKER.publicKey().bytes(),
            1,
            ACCOUNT.address(),
            1,
            Status.VETTING,
            1_000_000,
            1_000_000,
            0,
            0,
            Instant.EPOCH,
            Bytes32.ZERO,
            1);
    return change(1, ACCOUNT.address(), Leaf.newBuilder().setAccount(StateStructs.toProto(leaf)));
  }

  private static LeafChange change(int type, Address key, Leaf.Builder leaf) {
    return LeafChange.newBuilder()
        .setType(type)
        .setKey(Fields.bytes(key.toWord()))
        .setLeaf(leaf.setType(type).setKey(Fields.bytes(key.toWord())))
        .build();
  }

  private void advance(long epoch, LeafChange... changes) {
    StateAdvanced event =
        StateAdvanced.newBuilder()
            .setEpoch(epoch)
            .setStateRoot(Fields.bytes(Bytes32.ZERO))
            .setSeed(Fields.bytes(Bytes32.ZERO))
            .setLastPart(true)
            .addAllChanges(List.of(changes))
            .build();
    tx.runAndAwait("registry", session -> outbox.publish("reputation.v1", "state", event));
  }

  private static void within(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** A peer that calls the application. */
  private static final class Client implements AutoCloseable {
    private final RenewingIdentity identity;
    private final PeerChannels channels;
    final PeerRegistryGrpc.PeerRegistryBlockingStub stub;

    Client(NodeKey key) {
      identity =
          new RenewingIdentity(
              Endorser.of(key, TestKeys.RULE), Duration.ofHours(1), InstantSource.system());
      channels =
          new PeerChannels(
              identity, TestKeys.RULE, InstantSource.system(), PeerChannels.Settings.DEFAULT);
      int port = ConfigProvider.getConfig().getValue("quarkus.http.ssl-port", Integer.class);
      stub =
          PeerRegistryGrpc.newBlockingStub(
              channels.to(PeerId.of(TestKeys.KEY.publicKey()), "localhost:" + port));
    }

    @Override
    public void close() {
      channels.close();
      identity.close();
    }
  }
}
