/** The one holder of the node key, and its guard. */
@NullMarked
package io.smartnodes.proposer.signer;

import org.jspecify.annotations.NullMarked;
