/** Who votes on which epoch, and whether this validator is among them. */
@NullMarked
package io.smartnodes.proposer.set;

import org.jspecify.annotations.NullMarked;
