/** Tests. */
@NullMarked
package io.smartnodes.attestation;

import org.jspecify.annotations.NullMarked;
