@NullMarked
package io.smartnodes.validator.ops;

import org.jspecify.annotations.NullMarked;
