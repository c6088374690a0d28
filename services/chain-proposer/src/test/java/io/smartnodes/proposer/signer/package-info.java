@NullMarked
package io.smartnodes.proposer.signer;

import org.jspecify.annotations.NullMarked;
