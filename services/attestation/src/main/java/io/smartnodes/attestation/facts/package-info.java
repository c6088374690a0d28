/** What this validator's own chain and state say about jobs, juries and witnesses. */
@NullMarked
package io.smartnodes.attestation.facts;

import org.jspecify.annotations.NullMarked;
