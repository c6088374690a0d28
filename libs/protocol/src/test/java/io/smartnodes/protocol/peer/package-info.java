@NullMarked
package io.smartnodes.protocol.peer;

import org.jspecify.annotations.NullMarked;
