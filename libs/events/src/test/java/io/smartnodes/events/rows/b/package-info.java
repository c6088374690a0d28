@NullMarked
package io.smartnodes.events.rows.b;

import org.jspecify.annotations.NullMarked;
