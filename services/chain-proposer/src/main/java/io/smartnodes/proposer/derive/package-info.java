/** Proposals: built from items, derived again by the ledger, and tried against the chain. */
@NullMarked
package io.smartnodes.proposer.derive;

import org.jspecify.annotations.NullMarked;
