package io.smartnodes.wire;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.smartnodes.proto.errors.v1.ErrorCode;
import java.util.Optional;

/** Refusals at the border: a gRPC status with a stable code and the field at fault. */
public final class Errors {
  private static final String DOMAIN = "smartnodes";
  private static final String FIELD = "field";

  private Errors() {}

  /** What a peer said when it refused. */
  public record Refusal(ErrorCode code, String field, String message) {}

  /** A status that carries the code, the field (may be empty) and a sentence for people. */
  public static StatusRuntimeException status(ErrorCode code, String field, String message) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(grpcCode(code).getNumber())
            .setMessage(message)
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(code.name())
                        .putMetadata(FIELD, field)
                        .build()));
    if (!field.isEmpty()) {
      status.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder()
                          .setField(field)
                          .setDescription(message))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** The status of a message that could not be decoded. */
  public static StatusRuntimeException status(Malformed malformed) {
    return status(malformed.code(), malformed.field(), String.valueOf(malformed.getMessage()));
  }

  /** Reads a refusal out of a failed call; empty if the failure carries none of our codes. */
  public static Optional<Refusal> read(Throwable failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return Optional.empty();
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          return Optional.of(
              new Refusal(
                  codeOf(info.getReason()),
                  info.getMetadataOrDefault(FIELD, ""),
                  status.getMessage()));
        } catch (com.google.protobuf.InvalidProtocolBufferException foreign) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static ErrorCode codeOf(String reason) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(reason)) {
        return code;
      }
    }
    return ErrorCode.ERROR_CODE_UNSPECIFIED;
  }

  private static Code grpcCode(ErrorCode code) {
    return switch (code) {
      case ERROR_CODE_MALFORMED,
          ERROR_CODE_UNKNOWN_FIELD,
          ERROR_CODE_BAD_SIGNATURE,
          ERROR_CODE_INVALID_JOB,
          ERROR_CODE_UNREADABLE_MODULE,
          ERROR_CODE_INVALID_ITEM,
          ERROR_CODE_PAST_DEADLINE,
          ERROR_CODE_EXPIRED ->
          Code.INVALID_ARGUMENT;
      case ERROR_CODE_TOO_LARGE, ERROR_CODE_RATE_LIMITED, ERROR_CODE_QUOTA_EXCEEDED ->
          Code.RESOURCE_EXHAUSTED;
      case ERROR_CODE_UNAUTHENTICATED -> Code.UNAUTHENTICATED;
      case ERROR_CODE_NOT_ALLOWED, ERROR_CODE_BARRED, ERROR_CODE_STRANGER -> Code.PERMISSION_DENIED;
      case ERROR_CODE_NOT_FOUND -> Code.NOT_FOUND;
      case ERROR_CODE_ALREADY_EXISTS, ERROR_CODE_ALREADY_SIGNED, ERROR_CODE_REPLAYED ->
          Code.ALREADY_EXISTS;
      case ERROR_CODE_INSUFFICIENT_FUNDS,
          ERROR_CODE_WRONG_STATE,
          ERROR_CODE_WRONG_EPOCH,
          ERROR_CODE_WRONG_CHAIN ->
          Code.FAILED_PRECONDITION;
      case ERROR_CODE_NOT_READY -> Code.UNAVAILABLE;
      case ERROR_CODE_UNSPECIFIED, ERROR_CODE_INTERNAL, UNRECOGNIZED -> Code.INTERNAL;
    };
  }
}
