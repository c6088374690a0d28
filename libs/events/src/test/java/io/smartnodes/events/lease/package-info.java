@NullMarked
package io.smartnodes.events.lease;

import org.jspecify.annotations.NullMarked;
