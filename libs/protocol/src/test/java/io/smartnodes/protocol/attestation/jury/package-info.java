/** Tests. */
@NullMarked
package io.smartnodes.protocol.attestation.jury;

import org.jspecify.annotations.NullMarked;
