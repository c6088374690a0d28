/** Modules, openings and replays of a jury member. */
@NullMarked
package io.smartnodes.attestation.replay;

import org.jspecify.annotations.NullMarked;
