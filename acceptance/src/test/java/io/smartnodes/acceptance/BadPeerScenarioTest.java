package io.smartnodes.acceptance;

import static io.smartnodes.acceptance.Requests.entry;
import static io.smartnodes.acceptance.Requests.register;
import static io.smartnodes.acceptance.Requests.registration;
import static io.smartnodes.acceptance.Requests.request;
import static io.smartnodes.acceptance.Requests.vote;
import static io.smartnodes.acceptance.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.cli.session.Session;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.NetworkClient;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Peers and messages that must not pass: refused with a stable code and the field. */
@Tag("network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadPeerScenarioTest {
  private final Scenario scenario = Scenario.shared();
  private final Session user = scenario.user();
  private final Session stranger = scenario.stranger(0);

  @Test
  void aStrangerMayOnlyRegister() {
    refused(
        ErrorCode.ERROR_CODE_STRANGER,
        "caller",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .listValidators(ListValidatorsRequest.getDefaultInstance()));
  }

  @Test
  void aVoteFromAStrangerIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_STRANGER,
        "caller",
        () -> EpochsGrpc.newBlockingStub(entry(stranger)).castVote(vote(stranger)));
  }

  @Test
  void aVoteFromAUserIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_NOT_ALLOWED,
        "caller",
        () -> EpochsGrpc.newBlockingStub(entry(user)).castVote(vote(user)));
  }

  @Test
  void anExpiredRegistrationIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_EXPIRED,
        "registration.expiry",
        () -> register(stranger, registration(stranger, 1, Instant.now().minusSeconds(5))));
  }

  @Test
  void aRegistrationThatOnlyOneKeySignedIsRefused() {
    Registration registration = registration(stranger, 1, Instant.now().plusSeconds(600));
    RegisterRequest request = request(stranger, registration, stranger.network().domain());
    refused(
        ErrorCode.ERROR_CODE_BAD_SIGNATURE,
        "node_signature",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .register(
                    request.toBuilder().setNodeSignature(request.getAccountSignature()).build()));
  }

  @Test
  void aRegistrationForAnotherChainIsRefused() {
    Registration registration = registration(stranger, 1, Instant.now().plusSeconds(600));
    Domain foreign = new Domain(1, stranger.deployment().core());
    refused(
        ErrorCode.ERROR_CODE_BAD_SIGNATURE,
        "node_signature",
        () ->
            PeerRegistryGrpc.newBlockingStub(entry(stranger))
                .register(request(stranger, registration, foreign)));
  }

  @Test
  void aReplayedRegistrationIsRefused() {
    refused(
        ErrorCode.ERROR_CODE_REPLAYED,
        "registration.sequence",
        () -> register(user, registration(user, 1, Instant.now().plusSeconds(600))));
  }

  @Test
  void aNodeOfAnotherDeploymentGetsNoConnection() {
    Identity identity = scenario.network().keys().stranger(1);
    try (NetworkClient foreign =
        new NetworkClient(
            new Domain(1, user.deployment().core()),
            identity,
            scenario.network().bootstraps(),
            InstantSource.system())) {
      assertThatThrownBy(foreign::validators)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              failed ->
                  assertThat(failed.getStatus().getCode())
                      .isIn(Status.Code.UNAVAILABLE, Status.Code.UNAUTHENTICATED));
    }
  }
}
