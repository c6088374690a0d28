package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.proto.job.v1.HeartbeatRequest;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.WorkerOffer;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import io.smartnodes.wire.StateStructs;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A world of one validator, one user and two workers, as states, jobs and receipts. */
final class World {
  static final Domain DOMAIN = TestKeys.RULE.domain();
  static final Bytes32 WASM = Keccak.text("wasm");
  static final Address ASSET = Address.fromWord(Bytes32.ofNumber(77));
  static final Bytes32 SEED = Bytes32.ofNumber(4711);

  private World() {}

  static JobSpec job(long nonce, long units, long price) {
    return new JobSpec(
        TestKeys.USER.address(),
        TestKeys.OPERATOR,
        WASM,
        Bytes32.ofNumber(5),
        units,
        Bytes32.ofNumber(6),
        new Fuel(1),
        Amount.of(price),
        ASSET,
        Instant.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS),
        nonce);
  }

  static StateAdvanced advanced(long epoch, LeafChange... changes) {
    return StateAdvanced.newBuilder()
        .setEpoch(epoch)
        .setStateRoot(Fields.bytes(Bytes32.ZERO))
        .setSeed(Fields.bytes(SEED))
        .setLastPart(true)
        .addAllChanges(List.of(changes))
        .build();
  }

  static LeafChange[] genesis() {
    return new LeafChange[] {
      validator(0, 1),
      change(
          LeafKey.network(WASM),
          Leaf.newBuilder()
              .setNetwork(StateStructs.toProto(new Network(WASM, Bytes32.ZERO, Address.ZERO, 1)))),
      change(
          LeafKey.PARAMETERS,
          Leaf.newBuilder()
              .setParameters(
                  StateStructs.toProto(
                      ProtocolParameters.devnet(Address.ZERO, Instant.EPOCH).toLeaf(1)))),
      account(TestKeys.USER, TestKeys.USER_NODE, 2),
      account(TestKeys.CHEAT, TestKeys.CHEAT, 1),
      account(TestKeys.HONEST, TestKeys.HONEST, 1),
      allotment(1_000)
    };
  }

  static LeafChange validator(long until, int status) {
    Validator leaf =
        new Validator(
            TestKeys.OPERATOR,
            TestKeys.KEY.publicKey().bytes(),
            Bytes.EMPTY,
            TestKeys.OPERATOR,
            Picks.seat(TestKeys.OPERATOR, SEED),
            0,
            Instant.EPOCH,
            0,
            until,
            Bytes32.ZERO,
            status);
    return change(LeafKey.of(leaf), Leaf.newBuilder().setValidator(StateStructs.toProto(leaf)));
  }

  static LeafChange allotment(long amount) {
    Allotment leaf =
        new Allotment(
            TestKeys.USER.address(), ASSET, TestKeys.OPERATOR, Amount.of(amount), Amount.ZERO, 0);
    return change(LeafKey.of(leaf), Leaf.newBuilder().setAllotment(StateStructs.toProto(leaf)));
  }

  static LeafChange account(NodeKey account, NodeKey node, int roles) {
    Account leaf =
        new Account(
            account.address(),
            node.publicKey().bytes(),
            roles,
            account.address(),
            1,
            Status.VETTING,
            1_000_000,
            1_000_000,
            0,
            0,
            Instant.EPOCH,
            Bytes32.ZERO,
            0);
    return change(LeafKey.of(leaf), Leaf.newBuilder().setAccount(StateStructs.toProto(leaf)));
  }

  static LeafChange anchored(JobSpec spec, long epoch) {
    Job leaf =
        new Job(
            spec.hashStruct(),
            spec.user(),
            spec.home(),
            spec.asset(),
            spec.maxPrice(),
            spec.unitCount(),
            spec.deadline(),
            epoch,
            0,
            0,
            Bytes.of(new byte[(int) (spec.unitCount() + 7) / 8]));
    return change(LeafKey.of(leaf), Leaf.newBuilder().setJob(StateStructs.toProto(leaf)));
  }

  static LeafChange gone(JobSpec spec) {
    LeafKey key = LeafKey.job(spec.hashStruct());
    return LeafChange.newBuilder()
        .setType(key.type().code())
        .setKey(Fields.bytes(key.key()))
        .setDeleted(true)
        .build();
  }

  private static LeafChange change(LeafKey key, Leaf.Builder leaf) {
    return LeafChange.newBuilder()
        .setType(key.type().code())
        .setKey(Fields.bytes(key.key()))
        .setLeaf(leaf.setType(key.type().code()).setKey(Fields.bytes(key.key())))
        .build();
  }

  static HeartbeatRequest heartbeat(NodeKey worker, long price, NodeKey signer) {
    WorkerOffer offer =
        new WorkerOffer(
            PeerId.of(worker.publicKey()),
            worker.address(),
            "wasm",
            2,
            Amount.of(price),
            1,
            Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS));
    return HeartbeatRequest.newBuilder()
        .setOffer(PeerStructs.toProto(offer))
        .setOfferSignature(Fields.bytes(DOMAIN.sign(offer, signer)))
        .setEndpoint(PeerStructs.toProto(new Endpoint("worker", "localhost", 7600)))
        .build();
  }

  static SignedReceipt receipt(GrantedLease granted, NodeKey worker, long drawHeight) {
    Lease lease = JobStructs.fromProto(granted.getLease(), "lease");
    JobReceipt receipt =
        new JobReceipt(
            lease.jobId(),
            lease.number(),
            lease.first(),
            lease.count(),
            new Fuel(lease.count()),
            Bytes32.ofNumber(lease.number()),
            drawHeight);
    return new SignedReceipt(
        receipt,
        DOMAIN.sign(receipt, worker),
        lease,
        Fields.opaque(granted.getHomeSignature(), "home_signature"));
  }

  static Certificate certificate(SignedReceipt receipt, Outcome outcome) {
    return new Certificate(
        receipt,
        List.of(),
        outcome,
        new Refutation(Bytes32.ZERO, 0, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Fuel.ZERO),
        List.of());
  }
}
