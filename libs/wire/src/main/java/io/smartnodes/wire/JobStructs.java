package io.smartnodes.wire;

import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.Allot;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.job.Release;

/** Structs of job: records to protobuf and back, bounded. */
public final class JobStructs {
  private JobStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.JobSpec toProto(JobSpec value) {
    io.smartnodes.proto.types.v1.JobSpec.Builder builder =
        io.smartnodes.proto.types.v1.JobSpec.newBuilder();
    builder.setUser(Fields.bytes(value.user()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setNetwork(Fields.bytes(value.network()));
    builder.setModuleHash(Fields.bytes(value.moduleHash()));
    builder.setUnitCount(value.unitCount());
    builder.setInputsRoot(Fields.bytes(value.inputsRoot()));
    builder.setFuelLimitPerUnit(value.fuelLimitPerUnit().value());
    builder.setMaxPrice(Fields.bytes(value.maxPrice()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setDeadline(value.deadline().getEpochSecond());
    builder.setNonce(value.nonce());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static JobSpec fromProto(io.smartnodes.proto.types.v1.JobSpec message, String field) {
    Fields.known(message, field);
    return new JobSpec(
        Fields.address(message.getUser(), field + ".user"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.bytes32(message.getNetwork(), field + ".network"),
        Fields.bytes32(message.getModuleHash(), field + ".module_hash"),
        Fields.uint64(message.getUnitCount(), field + ".unit_count"),
        Fields.bytes32(message.getInputsRoot(), field + ".inputs_root"),
        Fields.fuel(message.getFuelLimitPerUnit(), field + ".fuel_limit_per_unit"),
        Fields.amount(message.getMaxPrice(), field + ".max_price"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.time(message.getDeadline(), field + ".deadline"),
        Fields.uint64(message.getNonce(), field + ".nonce"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Hold toProto(Hold value) {
    io.smartnodes.proto.types.v1.Hold.Builder builder =
        io.smartnodes.proto.types.v1.Hold.newBuilder();
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setStateEpoch(value.stateEpoch());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Hold fromProto(io.smartnodes.proto.types.v1.Hold message, String field) {
    Fields.known(message, field);
    return new Hold(
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.uint64(message.getStateEpoch(), field + ".state_epoch"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Lease toProto(Lease value) {
    io.smartnodes.proto.types.v1.Lease.Builder builder =
        io.smartnodes.proto.types.v1.Lease.newBuilder();
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setNumber(value.number());
    builder.setFirst(value.first());
    builder.setCount(value.count());
    builder.setWorker(Fields.bytes(value.worker()));
    builder.setUnitPrice(Fields.bytes(value.unitPrice()));
    builder.setDeadline(value.deadline().getEpochSecond());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Lease fromProto(io.smartnodes.proto.types.v1.Lease message, String field) {
    Fields.known(message, field);
    return new Lease(
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.uint64(message.getNumber(), field + ".number"),
        Fields.uint64(message.getFirst(), field + ".first"),
        Fields.uint64(message.getCount(), field + ".count"),
        Fields.address(message.getWorker(), field + ".worker"),
        Fields.amount(message.getUnitPrice(), field + ".unit_price"),
        Fields.time(message.getDeadline(), field + ".deadline"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.JobReceipt toProto(JobReceipt value) {
    io.smartnodes.proto.types.v1.JobReceipt.Builder builder =
        io.smartnodes.proto.types.v1.JobReceipt.newBuilder();
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setLease(value.lease());
    builder.setFirst(value.first());
    builder.setCount(value.count());
    builder.setFuel(value.fuel().value());
    builder.setResultsRoot(Fields.bytes(value.resultsRoot()));
    builder.setDrawHeight(value.drawHeight());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static JobReceipt fromProto(
      io.smartnodes.proto.types.v1.JobReceipt message, String field) {
    Fields.known(message, field);
    return new JobReceipt(
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.uint64(message.getLease(), field + ".lease"),
        Fields.uint64(message.getFirst(), field + ".first"),
        Fields.uint64(message.getCount(), field + ".count"),
        Fields.fuel(message.getFuel(), field + ".fuel"),
        Fields.bytes32(message.getResultsRoot(), field + ".results_root"),
        Fields.uint64(message.getDrawHeight(), field + ".draw_height"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Ack toProto(Ack value) {
    io.smartnodes.proto.types.v1.Ack.Builder builder =
        io.smartnodes.proto.types.v1.Ack.newBuilder();
    builder.setJobId(Fields.bytes(value.jobId()));
    builder.setLease(value.lease());
    builder.setReceiptHash(Fields.bytes(value.receiptHash()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Ack fromProto(io.smartnodes.proto.types.v1.Ack message, String field) {
    Fields.known(message, field);
    return new Ack(
        Fields.bytes32(message.getJobId(), field + ".job_id"),
        Fields.uint64(message.getLease(), field + ".lease"),
        Fields.bytes32(message.getReceiptHash(), field + ".receipt_hash"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Release toProto(Release value) {
    io.smartnodes.proto.types.v1.Release.Builder builder =
        io.smartnodes.proto.types.v1.Release.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setSequence(value.sequence());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Release fromProto(io.smartnodes.proto.types.v1.Release message, String field) {
    Fields.known(message, field);
    return new Release(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.uint64(message.getSequence(), field + ".sequence"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Allot toProto(Allot value) {
    io.smartnodes.proto.types.v1.Allot.Builder builder =
        io.smartnodes.proto.types.v1.Allot.newBuilder();
    builder.setAccount(Fields.bytes(value.account()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setHome(Fields.bytes(value.home()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setSequence(value.sequence());
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Allot fromProto(io.smartnodes.proto.types.v1.Allot message, String field) {
    Fields.known(message, field);
    return new Allot(
        Fields.address(message.getAccount(), field + ".account"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.address(message.getHome(), field + ".home"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.uint64(message.getSequence(), field + ".sequence"));
  }
}
