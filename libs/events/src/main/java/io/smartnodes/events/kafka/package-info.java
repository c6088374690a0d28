/**
 * Events over Kafka: a transactional producer per outbox, a consumer group per consumer, dead
 * letters for what cannot be processed.
 */
@NullMarked
package io.smartnodes.events.kafka;

import org.jspecify.annotations.NullMarked;
