/** The right to act for the validator, which one process of it has at a time. */
@NullMarked
package io.smartnodes.proposer.duty;

import org.jspecify.annotations.NullMarked;
