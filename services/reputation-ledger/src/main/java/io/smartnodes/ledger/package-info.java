/** The replicated state of one validator: its ledger, its proofs, what a body leads to. */
@NullMarked
package io.smartnodes.ledger;

import org.jspecify.annotations.NullMarked;
