package io.smartnodes.proposer.duty;

import java.time.Duration;

/**
 * Something that is done only while this process acts for the validator. It begins from what the
 * database says, since another process may have acted before.
 */
public interface Duties {
  /** Begins; never called twice without {@link #end} between. */
  void begin();

  /** Ends, also if it never began; false if it could not be ended within the time. */
  boolean end(Duration most);
}
