/** Commands for operators, run by the validator's program with arguments instead of services. */
@NullMarked
package io.smartnodes.validator.ops;

import org.jspecify.annotations.NullMarked;
