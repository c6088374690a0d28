/** The one signer of a validator: it alone holds the node key (docs/protocol/6-epochs.md, 6.8). */
@NullMarked
package io.smartnodes.proposer.signer;

import org.jspecify.annotations.NullMarked;
