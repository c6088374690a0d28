@NullMarked
package io.smartnodes.events.state;

import org.jspecify.annotations.NullMarked;
