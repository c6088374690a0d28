/** A Kafka broker for laptops and tests, in a process of its own. */
@NullMarked
package io.smartnodes.embedded.broker;

import org.jspecify.annotations.NullMarked;
