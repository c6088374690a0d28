/** A cluster of Kubernetes by its command line tools. */
@NullMarked
package io.smartnodes.acceptance.cluster.kube;

import org.jspecify.annotations.NullMarked;
