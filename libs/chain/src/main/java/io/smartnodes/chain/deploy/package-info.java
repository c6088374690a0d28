/** Creates the contracts, and checks that they are the ones that a deployment file names. */
@NullMarked
package io.smartnodes.chain.deploy;

import org.jspecify.annotations.NullMarked;
