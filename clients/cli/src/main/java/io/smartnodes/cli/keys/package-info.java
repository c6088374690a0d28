/** Keys of operators, workers and users. */
@NullMarked
package io.smartnodes.cli.keys;

import org.jspecify.annotations.NullMarked;
