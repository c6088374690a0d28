/** The five services of a validator in one process. */
@NullMarked
package io.smartnodes.validator;

import org.jspecify.annotations.NullMarked;
