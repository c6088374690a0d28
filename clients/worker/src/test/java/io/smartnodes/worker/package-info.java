/** Tests of the worker agent by itself; what it does in a network is the acceptance's. */
@NullMarked
package io.smartnodes.worker;

import org.jspecify.annotations.NullMarked;
