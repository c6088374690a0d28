/** How much SNO may come into being, and when (docs/protocol/2-rules.md, 2.4). */
@NullMarked
package io.smartnodes.protocol.emission;

import org.jspecify.annotations.NullMarked;
