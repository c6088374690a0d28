@NullMarked
package io.smartnodes.events.forward;

import org.jspecify.annotations.NullMarked;
