@NullMarked
package io.smartnodes.protocol.epoch;

import org.jspecify.annotations.NullMarked;
