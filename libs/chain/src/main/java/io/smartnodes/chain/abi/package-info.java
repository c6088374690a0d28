/** The contracts' binary interface: how values are encoded, and what the build generates of it. */
@NullMarked
package io.smartnodes.chain.abi;

import org.jspecify.annotations.NullMarked;
