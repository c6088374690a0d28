@NullMarked
package io.smartnodes.validator;

import org.jspecify.annotations.NullMarked;
