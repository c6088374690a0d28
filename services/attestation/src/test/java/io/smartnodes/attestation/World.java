package io.smartnodes.attestation;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.PeerStructs;
import io.smartnodes.wire.StateStructs;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** One validator, one worker, jobs and receipts. */
final class World {
  static final Domain DOMAIN = TestKeys.RULE.domain();
  static final Bytes32 SEED = Bytes32.ofNumber(4711);
  static final long DRAW_HEIGHT = 10;

  private World() {}

  static JobSpec job(TestWorker worker, long nonce) {
    return new JobSpec(
        TestKeys.USER.address(),
        TestKeys.OPERATOR,
        Keccak.text("wasm"),
        worker.moduleHash(),
        TestWorker.UNITS,
        TestWorker.inputsTree().root(),
        new Fuel(1),
        Amount.of(600),
        Address.ZERO,
        Instant.parse("2030-01-01T00:00:00Z"),
        nonce);
  }

  /** Blocks until the draw's is confirmed. */
  static List<BlockSeen> blocks() {
    return LongStream.rangeClosed(1, DRAW_HEIGHT + 2)
        .mapToObj(number ->
            BlockSeen.newBuilder()
                .setNumber(number)
                .setHash(Fields.bytes(Keccak.words(Bytes32.ofNumber(number))))
                .setConfirmedNumber(number - 2)
                .build())
        .toList();
  }

  static StateAdvanced genesis(JobSpec... jobs) {
    StateAdvanced.Builder state =
        StateAdvanced.newBuilder()
            .setEpoch(0)
            .setStateRoot(Fields.bytes(Bytes32.ZERO))
            .setSeed(Fields.bytes(SEED))
            .setLastPart(true);
    Validator validator =
        new Validator(
            TestKeys.OPERATOR,
            TestKeys.KEY.publicKey().bytes(),
            Bytes.EMPTY,
            TestKeys.OPERATOR,
            Picks.seat(TestKeys.OPERATOR, SEED),
            0,
            Instant.EPOCH,
            0,
            0,
            Bytes32.ZERO,
            1);
    state.addChanges(
        change(
            LeafKey.of(validator),
            Leaf.newBuilder().setValidator(StateStructs.toProto(validator))));
    state.addChanges(
        change(
            LeafKey.PARAMETERS,
            Leaf.newBuilder()
                .setParameters(
                    StateStructs.toProto(
                        ProtocolParameters.devnet(Address.ZERO, Instant.EPOCH).toLeaf(1)))));
    Account worker =
        new Account(
            TestKeys.WORKER.address(),
            TestKeys.WORKER.publicKey().bytes(),
            1,
            TestKeys.WORKER.address(),
            1,
            Status.VETTING,
            1_000_000,
            1_000_000,
            0,
            0,
            Instant.EPOCH,
            Bytes32.ZERO,
            0);
    state.addChanges(
        change(LeafKey.of(worker), Leaf.newBuilder().setAccount(StateStructs.toProto(worker))));
    for (JobSpec spec : jobs) {
      Job job =
          new Job(
              spec.hashStruct(),
              spec.user(),
              spec.home(),
              spec.asset(),
              spec.maxPrice(),
              spec.unitCount(),
              spec.deadline(),
              0,
              0,
              0,
              Bytes.of(new byte[(int) (spec.unitCount() + 7) / 8]));
      state.addChanges(
          change(LeafKey.of(job), Leaf.newBuilder().setJob(StateStructs.toProto(job))));
    }
    return state.build();
  }

  private static LeafChange change(LeafKey key, Leaf.Builder leaf) {
    return LeafChange.newBuilder()
        .setType(key.type().code())
        .setKey(Fields.bytes(key.key()))
        .setLeaf(leaf.setType(key.type().code()).setKey(Fields.bytes(key.key())))
        .build();
  }

  /** The receipt of the whole job, acknowledged by its one witness. */
  static ReceiptAcknowledged receipt(JobSpec spec, TestWorker worker, TestWorker.Claim claim) {
    return receipt(spec, worker, claim, DRAW_HEIGHT);
  }

  static ReceiptAcknowledged receipt(
      JobSpec spec, TestWorker worker, TestWorker.Claim claim, long drawHeight) {
    Lease lease =
        new Lease(
            spec.hashStruct(),
            1,
            0,
            spec.unitCount(),
            TestKeys.WORKER.address(),
            Amount.of(1),
            spec.deadline());
    JobReceipt receipt =
        new JobReceipt(
            lease.jobId(),
            1,
            0,
            spec.unitCount(),
            claim.results().fuel(),
            claim.results().root(),
            drawHeight);
    SignedReceipt signed =
        new SignedReceipt(
            receipt,
            DOMAIN.sign(receipt, TestKeys.WORKER),
            lease,
            DOMAIN.sign(lease, TestKeys.KEY));
    Ack ack = new Ack(lease.jobId(), 1, receipt.hashStruct());
    worker.claims(receipt.hashStruct(), claim);
    return ReceiptAcknowledged.newBuilder()
        .setSpec(JobStructs.toProto(spec))
        .setReceipt(BodyStructs.toProto(signed))
        .addAcks(
            BodyStructs.toProto(
                new MemberSignature(TestKeys.OPERATOR, DOMAIN.sign(ack, TestKeys.KEY))))
        .setWorkerPeerId(Fields.bytes(PeerId.of(TestKeys.WORKER.publicKey())))
        .setWorkerEndpoint(PeerStructs.toProto(new Endpoint("worker", "localhost", worker.port())))
        .build();
  }
}
