/** Items that wait for a body, here and at the other validators. */
@NullMarked
package io.smartnodes.proposer.pool;

import org.jspecify.annotations.NullMarked;
