/**
 * Leases: what one process at a time may do, fenced by a number that its transactions check; and
 * shards, which spread evenly over the processes that are alive.
 */
@NullMarked
package io.smartnodes.events.lease;

import org.jspecify.annotations.NullMarked;
