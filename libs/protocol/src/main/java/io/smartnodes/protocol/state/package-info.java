/** The replicated state machine and its tree. */
@NullMarked
package io.smartnodes.protocol.state;

import org.jspecify.annotations.NullMarked;
