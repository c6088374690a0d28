/** Looks before a validator starts at everything that it needs, and says what is wrong. */
@NullMarked
package io.smartnodes.validator.ops.check;

import org.jspecify.annotations.NullMarked;
