/** The file that says which deployment a node belongs to. */
@NullMarked
package io.smartnodes.wire.deployment;

import org.jspecify.annotations.NullMarked;
