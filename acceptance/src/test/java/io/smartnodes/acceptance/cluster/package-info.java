/**
 * The story on Kubernetes: one validator by Helm next to three on this machine, and everything that
 * may break there. Run by {@code ./smartnodes test cluster} alone.
 */
@NullMarked
package io.smartnodes.acceptance.cluster;

import org.jspecify.annotations.NullMarked;
