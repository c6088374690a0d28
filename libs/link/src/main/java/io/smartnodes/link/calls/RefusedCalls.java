package io.smartnodes.link.calls;

import io.smartnodes.proto.errors.v1.ErrorCode;

/** Counts calls that were refused before they reached their method. */
@FunctionalInterface
public interface RefusedCalls {
  /** A call of the full method name was refused with this code. */
  void refused(String method, ErrorCode code);
}
