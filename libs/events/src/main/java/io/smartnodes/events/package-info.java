/**
 * Events between services: written in the transaction of the state that they tell of (outbox),
 * delivered at least once and in order per key, processed once by each consumer (inbox).
 */
@NullMarked
package io.smartnodes.events;

import org.jspecify.annotations.NullMarked;
