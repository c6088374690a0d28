package io.smartnodes.attestation;

import io.grpc.StatusRuntimeException;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.attestation.jury.CertificateCheck;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Malformed;

/** What does not hold, as the refusal that the caller gets, and what our signer refuses. */
final class Refusals {
  private Refusals() {}

  static Malformed of(String prefix, CertificateCheck.Flaw flaw) {
    return new Malformed(code(flaw.field()), prefix + flaw.field(), flaw.reason());
  }

  /** Whether the signer has signed something else in this place, and will not sign this one. */
  static boolean isAlreadySigned(RuntimeException failure) {
    return failure instanceof StatusRuntimeException refused
        && Errors.read(refused)
            .filter(read -> read.code() == ErrorCode.ERROR_CODE_ALREADY_SIGNED)
            .isPresent();
  }

  private static ErrorCode code(String field) {
    if (field.endsWith("signature")) {
      return ErrorCode.ERROR_CODE_BAD_SIGNATURE;
    }
    return field.endsWith("operator")
        ? ErrorCode.ERROR_CODE_NOT_ALLOWED
        : ErrorCode.ERROR_CODE_INVALID_ITEM;
  }
}
