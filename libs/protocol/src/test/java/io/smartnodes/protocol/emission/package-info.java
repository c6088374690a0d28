@NullMarked
package io.smartnodes.protocol.emission;

import org.jspecify.annotations.NullMarked;
