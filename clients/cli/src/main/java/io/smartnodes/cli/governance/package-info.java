/** Decisions of the holders of SNO: proposals, votes, the timelock. */
@NullMarked
package io.smartnodes.cli.governance;

import org.jspecify.annotations.NullMarked;
