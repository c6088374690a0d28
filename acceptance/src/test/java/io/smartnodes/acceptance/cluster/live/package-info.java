/** A network that runs with one validator on a cluster, and what can be seen of it. */
@NullMarked
package io.smartnodes.acceptance.cluster.live;

import org.jspecify.annotations.NullMarked;
