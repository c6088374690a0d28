/** Protobuf and records, every decoder of foreign bytes, and the error codes at the border. */
@NullMarked
package io.smartnodes.wire;

import org.jspecify.annotations.NullMarked;
