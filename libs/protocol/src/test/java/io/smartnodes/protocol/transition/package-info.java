@NullMarked
package io.smartnodes.protocol.transition;

import org.jspecify.annotations.NullMarked;
