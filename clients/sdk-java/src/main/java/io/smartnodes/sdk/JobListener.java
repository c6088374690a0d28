package io.smartnodes.sdk;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.protocol.body.SignedReceipt;
import java.util.Map;

/** Hears how a job goes on; called from several threads, one call at a time. */
public interface JobListener {
  /** The home said something. */
  default void onEvent(JobEvent event) {}

  /** A worker finished a unit; its result is not verified yet. */
  default void onUnitDone(long index) {}

  /** A worker delivered what its receipt proves; whether it is right, its jury has yet to say. */
  default void onDelivered(SignedReceipt receipt, Map<Long, Bytes> outputs) {}

  /** Outputs of verified units are here. */
  default void onUnitsVerified(long verified, long total) {}

  /** Something went wrong that is tried again. */
  default void onTrouble(String what) {}
}
