package io.smartnodes.acceptance;

import io.grpc.Channel;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.SubmitRequest;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.RegisterRequest;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.peer.Registration;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a session sends, right or wrong. */
final class Requests {
  private Requests() {}

  static JobSpec spec(
      Session user, Address home, long units, Amount price, Instant deadline, long nonce) {
    return new JobSpec(
        user.account(),
        home,
        JobPlan.WASM,
        Keccak.text("module"),
        units,
        Keccak.text("inputs"),
        new Fuel(1),
        price,
        user.deployment().token(),
        deadline.truncatedTo(ChronoUnit.SECONDS),
        nonce);
  }

  static void submit(Session user, JobSpec spec, Bytes signature) {
    JobRouterGrpc.newBlockingStub(router(user))
        .submit(
            SubmitRequest.newBuilder()
                .setSpec(JobStructs.toProto(spec))
                .setUserSignature(Fields.bytes(signature))
                .build());
  }

  static Bytes sign(Session user, JobSpec spec) {
    return user.network().domain().sign(spec, user.network().identity().account());
  }

  static Channel router(Session user) {
    return user.network().channel(Scenario.home(user), NetworkClient.ROUTER).orElseThrow();
  }

  static Channel entry(Session session) {
    return session.network().channel(session.network().bootstraps().getFirst());
  }

  static CastVoteRequest vote(Session voter) {
    Vote vote = new Vote(1, 0, Bytes32.ZERO);
    return CastVoteRequest.newBuilder()
        .setVote(EpochStructs.toProto(vote))
        .setOperator(Fields.bytes(voter.account()))
        .setSignature(
            Fields.bytes(voter.network().domain().sign(vote, voter.network().identity().node())))
        .build();
  }

  static Registration registration(Session who, long sequence, Instant expiry) {
    return new Registration(
        who.account(),
        who.network().identity().node().publicKey().bytes(),
        Role.USER.bit(),
        who.account(),
        sequence,
        expiry.truncatedTo(ChronoUnit.SECONDS));
  }

  static void register(Session who, Registration registration) {
    PeerRegistryGrpc.newBlockingStub(entry(who))
        .register(request(who, registration, who.network().domain()));
  }

  static RegisterRequest request(Session who, Registration registration, Domain domain) {
    return RegisterRequest.newBuilder()
        .setRegistration(PeerStructs.toProto(registration))
        .setAccountSignature(
            Fields.bytes(domain.sign(registration, who.network().identity().account())))
        .setNodeSignature(Fields.bytes(domain.sign(registration, who.network().identity().node())))
        .build();
  }
}
