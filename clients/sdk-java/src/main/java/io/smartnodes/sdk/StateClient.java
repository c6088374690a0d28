package io.smartnodes.sdk;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.attestation.v1.AttestationGrpc;
import io.smartnodes.proto.attestation.v1.ListCertificatesRequest;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.GetEpochRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.GetJobRequest;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetHeadResponse;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateProof;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.LeafWire;
import io.smartnodes.wire.Malformed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads what a validator says of the state, of epochs and of jobs. A leaf comes with a proof that
 * leads to the root the validator named; whether that root was executed, only the chain tells.
 * Blocking; every call lasts ten seconds at most.
 */
public final class StateClient {
  private static final int SECONDS = 10;
  private static final int MAX_CERTIFICATES = 10_000;

  private final NetworkClient network;

  /** Reads as the identity of the client, which must be registered. */
  public StateClient(NetworkClient network) {
    this.network = network;
  }

  /**
   * A leaf of the state after an epoch.
   *
   * @param epoch of the state
   * @param stateRoot to which the proof leads; to be compared with the one on the chain
   * @param proof of inclusion, checked
   */
  public record ProvenLeaf(long epoch, Bytes32 stateRoot, StateProof proof) {}

  /** Where the state of a validator stands. */
  public record StateHead(long epoch, Bytes32 stateRoot, Instant asOf) {}

  /**
   * A leaf of the newest executed state, or of an older one that is still kept; empty if that state
   * has no such leaf.
   *
   * @param epoch zero for the newest
   * @throws Malformed if the answer does not prove the leaf
   * @throws StatusRuntimeException if the validator does not answer
   */
  public Optional<ProvenLeaf> leaf(ValidatorNode validator, LeafKey key, long epoch) {
    GetLeafResponse answer;
    try {
      answer =
          LedgerGrpc.newBlockingStub(channel(validator, NetworkClient.LEDGER))
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .getLeaf(
                  GetLeafRequest.newBuilder()
                      .setType(key.type().code())
                      .setKey(Fields.bytes(key.key()))
                      .setEpoch(epoch)
                      .build());
    } catch (StatusRuntimeException failed) {
      if (isMissing(failed, "key")) {
        return Optional.empty();
      }
      throw failed;
    }
    StateProof proof =
        new StateProof(
            key,
            LeafWire.fromProto(answer.getLeaf(), "leaf"),
            Fields.list(
                answer.getSiblingsList(), StateProof.MAX_DEPTH, "siblings", Fields::bytes32));
    Bytes32 root = Fields.bytes32(answer.getStateRoot(), "state_root");
    if (!LeafKey.of(proof.value()).equals(key) || !proof.verify(root)) {
      throw new Malformed("siblings", "the proof does not lead to the root that was named");
    }
    return Optional.of(new ProvenLeaf(Fields.uint64(answer.getEpoch(), "epoch"), root, proof));
  }

  /** Where the state of a validator stands. */
  public StateHead head(ValidatorNode validator) {
    return head(validator, 0);
  }

  /**
   * Where the state of a validator stood after an epoch; any executed one is known, also when the
   * validator cannot prove its leaves any more.
   *
   * @param epoch zero for the newest
   * @throws Malformed if the answer is of another epoch
   * @throws StatusRuntimeException if the validator does not answer, or has not applied the epoch
   */
  public StateHead head(ValidatorNode validator, long epoch) {
    GetHeadResponse head =
        LedgerGrpc.newBlockingStub(channel(validator, NetworkClient.LEDGER))
            .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .getHead(GetHeadRequest.newBuilder().setEpoch(epoch).build());
    if (epoch != 0 && head.getEpoch() != epoch) {
      throw new Malformed("epoch", "asked for epoch " + epoch + ", not " + head.getEpoch());
    }
    return new StateHead(
        Fields.uint64(head.getEpoch(), "epoch"),
        Fields.bytes32(head.getStateRoot(), "state_root"),
        Fields.time(head.getAsOf(), "as_of"));
  }

  /** What a validator knows of an epoch; zero for the newest executed one. */
  public EpochView epoch(ValidatorNode validator, long epoch) {
    return EpochsGrpc.newBlockingStub(channel(validator, NetworkClient.PROPOSER))
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
        .getEpoch(GetEpochRequest.newBuilder().setEpoch(epoch).build());
  }

  /** A job as its home knows it; empty if the home does not know it. */
  public Optional<JobView> job(ValidatorNode home, Bytes32 jobId) {
    try {
      return Optional.of(
          JobRouterGrpc.newBlockingStub(channel(home, NetworkClient.ROUTER))
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .getJob(GetJobRequest.newBuilder().setJobId(Fields.bytes(jobId)).build()));
    } catch (StatusRuntimeException failed) {
      if (isMissing(failed, "job_id")) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  /** The certificates of a job that a validator knows, with any outcome. */
  public List<Certificate> certificates(ValidatorNode validator, Bytes32 jobId) {
    var answer =
        AttestationGrpc.newBlockingStub(channel(validator, NetworkClient.ATTESTATION))
            .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .listCertificates(
                ListCertificatesRequest.newBuilder().setJobId(Fields.bytes(jobId)).build());
    return Fields.list(
        answer.getCertificatesList(), MAX_CERTIFICATES, "certificates", BodyStructs::fromProto);
  }

  private static boolean isMissing(StatusRuntimeException failed, String field) {
    return Errors.read(failed)
        .filter(refusal -> refusal.code() == ErrorCode.ERROR_CODE_NOT_FOUND)
        .filter(refusal -> refusal.field().equals(field))
        .isPresent();
  }

  private Channel channel(ValidatorNode validator, String service) {
    return network
        .channel(validator, service)
        .orElseThrow(() ->
            Status.UNAVAILABLE
                .withDescription("validator " + validator.operator() + " was not found yet")
                .asRuntimeException());
  }
}
