/** The EVM chain: contracts, transactions, blocks and logs. The only place that knows web3j. */
@NullMarked
package io.smartnodes.chain;

import org.jspecify.annotations.NullMarked;
