/** The sparse Merkle tree of typed leaves whose root is on the chain, and its proofs. */
@NullMarked
package io.smartnodes.protocol.state.tree;

import org.jspecify.annotations.NullMarked;
