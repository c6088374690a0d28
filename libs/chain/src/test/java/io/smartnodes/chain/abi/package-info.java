@NullMarked
package io.smartnodes.chain.abi;

import org.jspecify.annotations.NullMarked;
