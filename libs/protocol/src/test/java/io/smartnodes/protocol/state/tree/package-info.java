@NullMarked
package io.smartnodes.protocol.state.tree;

import org.jspecify.annotations.NullMarked;
