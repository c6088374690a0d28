/** Puts the contracts on a chain and writes down where they stand. */
@NullMarked
package io.smartnodes.chain.deploy;

import org.jspecify.annotations.NullMarked;
