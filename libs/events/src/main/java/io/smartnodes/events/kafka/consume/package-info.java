/** Consumers: a loop for each, its work on a partition, what cannot be processed, and health. */
@NullMarked
package io.smartnodes.events.kafka.consume;

import org.jspecify.annotations.NullMarked;
