@NullMarked
package io.smartnodes.chain.deploy;

import org.jspecify.annotations.NullMarked;
