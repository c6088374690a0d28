/** What the runner writes. */
@NullMarked
package io.smartnodes.runner.log;

import org.jspecify.annotations.NullMarked;
