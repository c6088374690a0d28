/** How an epoch's body and inbox advance the state (docs/protocol/2-rules.md, 2.4 and 2.5). */
@NullMarked
package io.smartnodes.protocol.transition;

import org.jspecify.annotations.NullMarked;
