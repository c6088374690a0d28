/** Tests of the runner as a real process. */
@NullMarked
package io.smartnodes.runner;

import org.jspecify.annotations.NullMarked;
