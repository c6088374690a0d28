/** Calls and verdicts as they travel and are stored. */
@NullMarked
package io.smartnodes.attestation.wire;

import org.jspecify.annotations.NullMarked;
