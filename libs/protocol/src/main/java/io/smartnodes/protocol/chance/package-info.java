/** Chance that nobody can choose: seeds, seats, picks (docs/protocol/2-rules.md, 2.2). */
@NullMarked
package io.smartnodes.protocol.chance;

import org.jspecify.annotations.NullMarked;
