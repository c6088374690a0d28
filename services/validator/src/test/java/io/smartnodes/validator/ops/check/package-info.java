/** Tests of what an operator hears before a validator starts. */
@NullMarked
package io.smartnodes.validator.ops.check;

import org.jspecify.annotations.NullMarked;
