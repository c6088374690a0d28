@NullMarked
package io.smartnodes.events.rows.a;

import org.jspecify.annotations.NullMarked;
