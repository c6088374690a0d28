package io.smartnodes.wire;

import io.smartnodes.proto.errors.v1.ErrorCode;

/** Bytes from outside that are no value: says which field and why. Mapped at the border. */
public final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String field;

  /** A message that cannot be decoded at a field. */
  public Malformed(String field, String reason) {
    this(ErrorCode.ERROR_CODE_MALFORMED, field, reason);
  }

  /** A message that is refused with a code of its own. */
  public Malformed(ErrorCode code, String field, String reason) {
    super(field + ": " + reason, null, false, false);
    this.code = code;
    this.field = field;
  }

  /** The stable code. */
  public ErrorCode code() {
    return code;
  }

  /** The path of the field at fault. */
  public String field() {
    return field;
  }
}
