/** Jobs, holds, leases, receipts and acknowledgements. */
@NullMarked
package io.smartnodes.protocol.job;

import org.jspecify.annotations.NullMarked;
