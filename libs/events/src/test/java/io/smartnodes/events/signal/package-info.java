@NullMarked
package io.smartnodes.events.signal;

import org.jspecify.annotations.NullMarked;
