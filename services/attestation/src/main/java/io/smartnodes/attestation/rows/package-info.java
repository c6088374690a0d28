/** The tables of attestation. */
@NullMarked
package io.smartnodes.attestation.rows;

import org.jspecify.annotations.NullMarked;
