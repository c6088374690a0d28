/** Everything that may break on a cluster. */
@NullMarked
package io.smartnodes.acceptance.cluster.trouble;

import org.jspecify.annotations.NullMarked;
