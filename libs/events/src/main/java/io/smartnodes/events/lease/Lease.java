package io.smartnodes.events.lease;

import java.util.Optional;

/** A lease that this process tries to hold for all its life. */
public interface Lease {
  /** Our term, if we hold it now by this process' monotonic clock. */
  Optional<Tenure> tenure();

  /**
   * {@code smartnodes.instance.address} of the process that holds it, ours too; a hint that may be
   * two seconds old. Empty if nobody holds it.
   */
  Optional<String> holderAddress();
}
