/** The jury of a receipt: verdicts, sessions, certificates (docs/protocol/5-attestation.md). */
@NullMarked
package io.smartnodes.protocol.attestation.jury;

import org.jspecify.annotations.NullMarked;
