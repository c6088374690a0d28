/** The values that every rule speaks of. */
@NullMarked
package io.smartnodes.protocol;

import org.jspecify.annotations.NullMarked;
