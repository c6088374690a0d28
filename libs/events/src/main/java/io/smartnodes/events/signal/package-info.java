/** Hints between the processes of one unit: look now instead of at the next poll. */
@NullMarked
package io.smartnodes.events.signal;

import org.jspecify.annotations.NullMarked;
