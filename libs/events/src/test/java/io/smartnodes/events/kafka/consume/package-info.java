@NullMarked
package io.smartnodes.events.kafka.consume;

import org.jspecify.annotations.NullMarked;
