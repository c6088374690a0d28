@NullMarked
package io.smartnodes.protocol.dht;

import org.jspecify.annotations.NullMarked;
