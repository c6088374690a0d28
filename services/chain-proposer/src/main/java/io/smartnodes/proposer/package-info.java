/** Epochs, proposals, votes and the chain of one validator. */
@NullMarked
package io.smartnodes.proposer;

import org.jspecify.annotations.NullMarked;
