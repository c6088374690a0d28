@NullMarked
package io.smartnodes.cli.validator;

import org.jspecify.annotations.NullMarked;
