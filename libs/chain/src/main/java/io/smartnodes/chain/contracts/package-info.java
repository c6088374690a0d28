/** The contracts of a deployment, in the terms of the protocol. */
@NullMarked
package io.smartnodes.chain.contracts;

import org.jspecify.annotations.NullMarked;
