/** What a key may sign twice, and what never (docs/protocol/6-epochs.md, 6.8). */
@NullMarked
package io.smartnodes.protocol.signing;

import org.jspecify.annotations.NullMarked;
