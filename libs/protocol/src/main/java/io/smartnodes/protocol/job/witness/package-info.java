/** Who acknowledges receipts, and when. */
@NullMarked
package io.smartnodes.protocol.job.witness;

import org.jspecify.annotations.NullMarked;
