/** The home of jobs: holds, leases, acknowledgements (docs/protocol/4-jobs.md). */
@NullMarked
package io.smartnodes.router;

import org.jspecify.annotations.NullMarked;
