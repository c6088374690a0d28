@NullMarked
package io.smartnodes.wire;

import org.jspecify.annotations.NullMarked;
