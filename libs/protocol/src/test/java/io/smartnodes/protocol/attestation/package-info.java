/** Tests. */
@NullMarked
package io.smartnodes.protocol.attestation;

import org.jspecify.annotations.NullMarked;
