@NullMarked
package io.smartnodes.events;

import org.jspecify.annotations.NullMarked;
