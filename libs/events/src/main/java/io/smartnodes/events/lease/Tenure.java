package io.smartnodes.events.lease;

import java.util.UUID;

/**
 * One term of one holder of a lease.
 *
 * @param unit whose schema the lease is in
 * @param name of the lease
 * @param holder the process
 * @param fence grows by one at each new term, also of the same holder
 */
public record Tenure(String unit, String name, UUID holder, long fence) {}
