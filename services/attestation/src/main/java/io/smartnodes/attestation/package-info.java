/**
 * Calls and sits in juries: draws, replays, verdicts, certificates
 * (docs/protocol/5-attestation.md).
 */
@NullMarked
package io.smartnodes.attestation;

import org.jspecify.annotations.NullMarked;
