@NullMarked
package io.smartnodes.chain;

import org.jspecify.annotations.NullMarked;
