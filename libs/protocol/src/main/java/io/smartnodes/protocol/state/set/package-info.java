/** The validators of a state as a set: who votes, who is picked (docs/protocol/2-rules.md, 2.2). */
@NullMarked
package io.smartnodes.protocol.state.set;

import org.jspecify.annotations.NullMarked;
