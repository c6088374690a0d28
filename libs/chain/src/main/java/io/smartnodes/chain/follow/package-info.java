/** Blocks and events as the chain grows. */
@NullMarked
package io.smartnodes.chain.follow;

import org.jspecify.annotations.NullMarked;
