package io.smartnodes.wire;

import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.Evidence;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedAllot;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.body.SignedRegistration;
import io.smartnodes.protocol.body.SignedRelease;

/** Structs of body: records to protobuf and back, bounded. */
public final class BodyStructs {
  private BodyStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.SignedRegistration toProto(SignedRegistration value) {
    io.smartnodes.proto.types.v1.SignedRegistration.Builder builder =
        io.smartnodes.proto.types.v1.SignedRegistration.newBuilder();
    builder.setRegistration(PeerStructs.toProto(value.registration()));
    builder.setAccountSignature(Fields.bytes(value.accountSignature()));
    builder.setNodeSignature(Fields.bytes(value.nodeSignature()));
    builder.setIntroducer(Fields.bytes(value.introducer()));
    builder.setIntroducerSignature(Fields.bytes(value.introducerSignature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static SignedRegistration fromProto(
      io.smartnodes.proto.types.v1.SignedRegistration message, String field) {
    Fields.known(message, field);
    return new SignedRegistration(
        PeerStructs.fromProto(message.getRegistration(), field + ".registration"),
        Fields.opaque(message.getAccountSignature(), field + ".account_signature"),
        Fields.opaque(message.getNodeSignature(), field + ".node_signature"),
        Fields.address(message.getIntroducer(), field + ".introducer"),
        Fields.opaque(message.getIntroducerSignature(), field + ".introducer_signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.SignedAllot toProto(SignedAllot value) {
    io.smartnodes.proto.types.v1.SignedAllot.Builder builder =
        io.smartnodes.proto.types.v1.SignedAllot.newBuilder();
    builder.setAllot(JobStructs.toProto(value.allot()));
    builder.setAccountSignature(Fields.bytes(value.accountSignature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static SignedAllot fromProto(
      io.smartnodes.proto.types.v1.SignedAllot message, String field) {
    Fields.known(message, field);
    return new SignedAllot(
        JobStructs.fromProto(message.getAllot(), field + ".allot"),
        Fields.opaque(message.getAccountSignature(), field + ".account_signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.SignedRelease toProto(SignedRelease value) {
    io.smartnodes.proto.types.v1.SignedRelease.Builder builder =
        io.smartnodes.proto.types.v1.SignedRelease.newBuilder();
    builder.setRelease(JobStructs.toProto(value.release()));
    builder.setAccountSignature(Fields.bytes(value.accountSignature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static SignedRelease fromProto(
      io.smartnodes.proto.types.v1.SignedRelease message, String field) {
    Fields.known(message, field);
    return new SignedRelease(
        JobStructs.fromProto(message.getRelease(), field + ".release"),
        Fields.opaque(message.getAccountSignature(), field + ".account_signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.SignedHold toProto(SignedHold value) {
    io.smartnodes.proto.types.v1.SignedHold.Builder builder =
        io.smartnodes.proto.types.v1.SignedHold.newBuilder();
    builder.setSpec(JobStructs.toProto(value.spec()));
    builder.setUserSignature(Fields.bytes(value.userSignature()));
    builder.setHold(JobStructs.toProto(value.hold()));
    builder.setHomeSignature(Fields.bytes(value.homeSignature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static SignedHold fromProto(
      io.smartnodes.proto.types.v1.SignedHold message, String field) {
    Fields.known(message, field);
    return new SignedHold(
        JobStructs.fromProto(message.getSpec(), field + ".spec"),
        Fields.opaque(message.getUserSignature(), field + ".user_signature"),
        JobStructs.fromProto(message.getHold(), field + ".hold"),
        Fields.opaque(message.getHomeSignature(), field + ".home_signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.SignedReceipt toProto(SignedReceipt value) {
    io.smartnodes.proto.types.v1.SignedReceipt.Builder builder =
        io.smartnodes.proto.types.v1.SignedReceipt.newBuilder();
    builder.setReceipt(JobStructs.toProto(value.receipt()));
    builder.setWorkerSignature(Fields.bytes(value.workerSignature()));
    builder.setLease(JobStructs.toProto(value.lease()));
    builder.setHomeSignature(Fields.bytes(value.homeSignature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static SignedReceipt fromProto(
      io.smartnodes.proto.types.v1.SignedReceipt message, String field) {
    Fields.known(message, field);
    return new SignedReceipt(
        JobStructs.fromProto(message.getReceipt(), field + ".receipt"),
        Fields.opaque(message.getWorkerSignature(), field + ".worker_signature"),
        JobStructs.fromProto(message.getLease(), field + ".lease"),
        Fields.opaque(message.getHomeSignature(), field + ".home_signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.MemberSignature toProto(MemberSignature value) {
    io.smartnodes.proto.types.v1.MemberSignature.Builder builder =
        io.smartnodes.proto.types.v1.MemberSignature.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setSignature(Fields.bytes(value.signature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static MemberSignature fromProto(
      io.smartnodes.proto.types.v1.MemberSignature message, String field) {
    Fields.known(message, field);
    return new MemberSignature(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.opaque(message.getSignature(), field + ".signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.MemberVerdict toProto(MemberVerdict value) {
    io.smartnodes.proto.types.v1.MemberVerdict.Builder builder =
        io.smartnodes.proto.types.v1.MemberVerdict.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setSampleEpoch(value.sampleEpoch());
    value.traces().forEach(item -> builder.addTraces(Fields.bytes(item)));
    builder.setSignature(Fields.bytes(value.signature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static MemberVerdict fromProto(
      io.smartnodes.proto.types.v1.MemberVerdict message, String field) {
    Fields.known(message, field);
    return new MemberVerdict(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.uint64(message.getSampleEpoch(), field + ".sample_epoch"),
        Fields.list(message.getTracesList(), 64, field + ".traces", Fields::bytes32),
        Fields.opaque(message.getSignature(), field + ".signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Certificate toProto(Certificate value) {
    io.smartnodes.proto.types.v1.Certificate.Builder builder =
        io.smartnodes.proto.types.v1.Certificate.newBuilder();
    builder.setReceipt(toProto(value.receipt()));
    value.acks().forEach(item -> builder.addAcks(toProto(item)));
    builder.setOutcome(value.outcome().code());
    builder.setRefutation(AttestationStructs.toProto(value.refutation()));
    value.verdicts().forEach(item -> builder.addVerdicts(toProto(item)));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Certificate fromProto(
      io.smartnodes.proto.types.v1.Certificate message, String field) {
    Fields.known(message, field);
    return new Certificate(
        BodyStructs.fromProto(message.getReceipt(), field + ".receipt"),
        Fields.list(message.getAcksList(), 32, field + ".acks", BodyStructs::fromProto),
        Fields.code(Outcome.of(message.getOutcome()), field + ".outcome"),
        AttestationStructs.fromProto(message.getRefutation(), field + ".refutation"),
        Fields.list(message.getVerdictsList(), 64, field + ".verdicts", BodyStructs::fromProto));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Evidence toProto(Evidence value) {
    io.smartnodes.proto.types.v1.Evidence.Builder builder =
        io.smartnodes.proto.types.v1.Evidence.newBuilder();
    builder.setKind(value.kind());
    builder.setSubject(Fields.bytes(value.subject()));
    builder.setData(Fields.bytes(value.data()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Evidence fromProto(io.smartnodes.proto.types.v1.Evidence message, String field) {
    Fields.known(message, field);
    return new Evidence(
        Fields.uint8(message.getKind(), field + ".kind"),
        Fields.bytes32(message.getSubject(), field + ".subject"),
        Fields.opaque(message.getData(), field + ".data"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.EpochVote toProto(EpochVote value) {
    io.smartnodes.proto.types.v1.EpochVote.Builder builder =
        io.smartnodes.proto.types.v1.EpochVote.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setRound(value.round());
    builder.setSignature(Fields.bytes(value.signature()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static EpochVote fromProto(io.smartnodes.proto.types.v1.EpochVote message, String field) {
    Fields.known(message, field);
    return new EpochVote(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.uint32(message.getRound(), field + ".round"),
        Fields.opaque(message.getSignature(), field + ".signature"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Body toProto(Body value) {
    io.smartnodes.proto.types.v1.Body.Builder builder =
        io.smartnodes.proto.types.v1.Body.newBuilder();
    builder.setEpoch(value.epoch());
    value.registrations().forEach(item -> builder.addRegistrations(toProto(item)));
    value.allots().forEach(item -> builder.addAllots(toProto(item)));
    value.releases().forEach(item -> builder.addReleases(toProto(item)));
    value.holds().forEach(item -> builder.addHolds(toProto(item)));
    value.receipts().forEach(item -> builder.addReceipts(toProto(item)));
    value.certificates().forEach(item -> builder.addCertificates(toProto(item)));
    value.evidence().forEach(item -> builder.addEvidence(toProto(item)));
    value.votes().forEach(item -> builder.addVotes(toProto(item)));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Body fromProto(io.smartnodes.proto.types.v1.Body message, String field) {
    Fields.known(message, field);
    return new Body(
        Fields.uint64(message.getEpoch(), field + ".epoch"),
        Fields.list(
            message.getRegistrationsList(),
            65536,
            field + ".registrations",
            BodyStructs::fromProto),
        Fields.list(message.getAllotsList(), 65536, field + ".allots", BodyStructs::fromProto),
        Fields.list(message.getReleasesList(), 65536, field + ".releases", BodyStructs::fromProto),
        Fields.list(message.getHoldsList(), 65536, field + ".holds", BodyStructs::fromProto),
        Fields.list(message.getReceiptsList(), 65536, field + ".receipts", BodyStructs::fromProto),
        Fields.list(
            message.getCertificatesList(), 65536, field + ".certificates", BodyStructs::fromProto),
        Fields.list(message.getEvidenceList(), 65536, field + ".evidence", BodyStructs::fromProto),
        Fields.list(message.getVotesList(), 256, field + ".votes", BodyStructs::fromProto));
  }
}
