package io.smartnodes.wire;

import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;

/** Structs of state: records to protobuf and back, bounded. */
public final class StateStructs {
  private StateStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Account toProto(Account value) {
    io.smartnodes.proto.types.v1.Account.Builder builder =
        io.smartnodes.proto.types.v1.Account.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setPublicKey(Fields.bytes(value.publicKey()));
    builder.setRoles(value.roles());
    builder.setPayout(Fields.bytes(value.payout()));
    builder.setSequence(value.sequence());
    builder.setStatus(value.status().code());
    builder.setAlpha(value.alpha());
    builder.setBeta(value.beta());
    builder.setCertified(value.certified());
    builder.setSuspensions(value.suspensions());
    builder.setStatusUntil(value.statusUntil().getEpochSecond());
    builder.setEvidenceId(Fields.bytes(value.evidenceId()));
    builder.setSince(value.since());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Account fromProto(io.smartnodes.proto.types.v1.Account message, String field) {
    Fields.known(message, field);
    return new Account(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.opaque(message.getPublicKey(), field + ".public_key"),
        Fields.uint32(message.getRoles(), field + ".roles"),
        Fields.address(message.getPayout(), field + ".payout"),
        Fields.uint64(message.getSequence(), field + ".sequence"),
        Fields.code(Status.of(message.getStatus()), field + ".status"),
        Fields.uint64(message.getAlpha(), field + ".alpha"),
        Fields.uint64(message.getBeta(), field + ".beta"),
        Fields.uint64(message.getCertified(), field + ".certified"),
        Fields.uint32(message.getSuspensions(), field + ".suspensions"),
        Fields.time(message.getStatusUntil(), field + ".status_until"),
        Fields.bytes32(message.getEvidenceId(), field + ".evidence_id"),
        Fields.uint64(message.getSince(), field + ".since"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Allotment toProto(Allotment value) {
    io.smartnodes.proto.types.v1.Allotment.Builder builder =
        io.smartnodes.proto.types.v1.Allotment.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setReleasing(Fields.bytes(value.releasing()));
    builder.setReleaseAt(value.releaseAt());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Allotment fromProto(io.smartnodes.proto.types.v1.Allotment message, String field) {
    Fields.known(message, field);
    return new Allotment(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.amount(message.getReleasing(), field + ".releasing"),
        Fields.uint64(message.getReleaseAt(), field + ".release_at"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Job toProto(Job value) {
    io.smartnodes.proto.types.v1.Job.Builder builder =
        io.smartnodes.proto.types.v1.Job.newBuilder();
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setUser(Fields.bytes(value.user()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setHeld(Fields.bytes(value.held()));
    builder.setUnitCount(value.unitCount());
    builder.setDeadline(value.deadline().getEpochSecond());
    builder.setAnchoredAt(value.anchoredAt());
    builder.setClosingAt(value.closingAt());
    builder.setSettledCount(value.settledCount());
    builder.setSettled(Fields.bytes(value.settled()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Job fromProto(io.smartnodes.proto.types.v1.Job message, String field) {
    Fields.known(message, field);
    return new Job(
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.address(message.getUser(), field + ".user"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.amount(message.getHeld(), field + ".held"),
        Fields.uint64(message.getUnitCount(), field + ".unit_count"),
        Fields.time(message.getDeadline(), field + ".deadline"),
        Fields.uint64(message.getAnchoredAt(), field + ".anchored_at"),
        Fields.uint64(message.getClosingAt(), field + ".closing_at"),
        Fields.uint64(message.getSettledCount(), field + ".settled_count"),
        Fields.opaque(message.getSettled(), field + ".settled"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Pending toProto(Pending value) {
    io.smartnodes.proto.types.v1.Pending.Builder builder =
        io.smartnodes.proto.types.v1.Pending.newBuilder();
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setWorker(Fields.bytes(value.worker()));
    builder.setFirst(value.first());
    builder.setCount(value.count());
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setAnchoredAt(value.anchoredAt());
    value.attesters().forEach(item -> builder.addAttesters(Fields.bytes(item)));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Pending fromProto(io.smartnodes.proto.types.v1.Pending message, String field) {
    Fields.known(message, field);
    return new Pending(
        Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"),
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.address(message.getWorker(), field + ".worker"),
        Fields.uint64(message.getFirst(), field + ".first"),
        Fields.uint64(message.getCount(), field + ".count"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.uint64(message.getAnchoredAt(), field + ".anchored_at"),
        Fields.list(message.getAttestersList(), 64, field + ".attesters", Fields::address));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Payout toProto(Payout value) {
    io.smartnodes.proto.types.v1.Payout.Builder builder =
        io.smartnodes.proto.types.v1.Payout.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setPayout(Fields.bytes(value.payout()));
    builder.setCumulative(Fields.bytes(value.cumulative()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Payout fromProto(io.smartnodes.proto.types.v1.Payout message, String field) {
    Fields.known(message, field);
    return new Payout(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.address(message.getPayout(), field + ".payout"),
        Fields.amount(message.getCumulative(), field + ".cumulative"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Validator toProto(Validator value) {
    io.smartnodes.proto.types.v1.Validator.Builder builder =
        io.smartnodes.proto.types.v1.Validator.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setPublicKey(Fields.bytes(value.publicKey()));
    builder.setFormerKey(Fields.bytes(value.formerKey()));
    builder.setPayout(Fields.bytes(value.payout()));
    builder.setSeat(Fields.bytes(value.seat()));
    builder.setOrdinal(value.ordinal());
    builder.setEligibleAt(value.eligibleAt().getEpochSecond());
    builder.setSince(value.since());
    builder.setUntil(value.until());
    builder.setSampleCommitment(Fields.bytes(value.sampleCommitment()));
    builder.setStatus(value.status());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Validator fromProto(io.smartnodes.proto.types.v1.Validator message, String field) {
    Fields.known(message, field);
    return new Validator(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.opaque(message.getPublicKey(), field + ".public_key"),
        Fields.opaque(message.getFormerKey(), field + ".former_key"),
        Fields.address(message.getPayout(), field + ".payout"),
        Fields.bytes32(message.getSeat(), field + ".seat"),
        Fields.uint64(message.getOrdinal(), field + ".ordinal"),
        Fields.time(message.getEligibleAt(), field + ".eligible_at"),
        Fields.uint64(message.getSince(), field + ".since"),
        Fields.uint64(message.getUntil(), field + ".until"),
        Fields.bytes32(message.getSampleCommitment(), field + ".sample_commitment"),
        Fields.uint32(message.getStatus(), field + ".status"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Network toProto(Network value) {
    io.smartnodes.proto.types.v1.Network.Builder builder =
        io.smartnodes.proto.types.v1.Network.newBuilder();
    builder.setNetwork(Fields.bytes(value.network()));
    builder.setManifestHash(Fields.bytes(value.manifestHash()));
    builder.setOwner(Fields.bytes(value.owner()));
    builder.setStatus(value.status());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Network fromProto(io.smartnodes.proto.types.v1.Network message, String field) {
    Fields.known(message, field);
    return new Network(
        Fields.bytes32(message.getNetwork(), field + ".network"),
        Fields.bytes32(message.getManifestHash(), field + ".manifest_hash"),
        Fields.address(message.getOwner(), field + ".owner"),
        Fields.uint32(message.getStatus(), field + ".status"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Parameters toProto(Parameters value) {
    io.smartnodes.proto.types.v1.Parameters.Builder builder =
        io.smartnodes.proto.types.v1.Parameters.newBuilder();
    builder.setVersion(value.version());
    value.values().forEach(item -> builder.addValues(Fields.bytes(item)));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Parameters fromProto(
      io.smartnodes.proto.types.v1.Parameters message, String field) {
    Fields.known(message, field);
    return new Parameters(
        Fields.uint64(message.getVersion(), field + ".version"),
        Fields.list(message.getValuesList(), 64, field + ".values", Fields::amount));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Totals toProto(Totals value) {
    io.smartnodes.proto.types.v1.Totals.Builder builder =
        io.smartnodes.proto.types.v1.Totals.newBuilder();
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setBalances(Fields.bytes(value.balances()));
    builder.setPayouts(Fields.bytes(value.payouts()));
    builder.setHeldBack(Fields.bytes(value.heldBack()));
    builder.setBurnt(Fields.bytes(value.burnt()));
    builder.setMinted(Fields.bytes(value.minted()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Totals fromProto(io.smartnodes.proto.types.v1.Totals message, String field) {
    Fields.known(message, field);
    return new Totals(
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.amount(message.getBalances(), field + ".balances"),
        Fields.amount(message.getPayouts(), field + ".payouts"),
        Fields.amount(message.getHeldBack(), field + ".held_back"),
        Fields.amount(message.getBurnt(), field + ".burnt"),
        Fields.amount(message.getMinted(), field + ".minted"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Head toProto(Head value) {
    io.smartnodes.proto.types.v1.Head.Builder builder =
        io.smartnodes.proto.types.v1.Head.newBuilder();
    builder.setEpoch(value.epoch());
    builder.setAsOf(value.asOf().getEpochSecond());
    builder.setInboxCount(value.inboxCount());
    builder.setInboxHash(Fields.bytes(value.inboxHash()));
    builder.setDrainedAt(value.drainedAt());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Head fromProto(io.smartnodes.proto.types.v1.Head message, String field) {
    Fields.known(message, field);
    return new Head(
        Fields.uint64(message.getEpoch(), field + ".epoch"),
        Fields.time(message.getAsOf(), field + ".as_of"),
        Fields.uint64(message.getInboxCount(), field + ".inbox_count"),
        Fields.bytes32(message.getInboxHash(), field + ".inbox_hash"),
        Fields.uint64(message.getDrainedAt(), field + ".drained_at"));
  }
}
