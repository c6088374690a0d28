/** Jobs as files: what to run over what, and what to make of the outputs. */
@NullMarked
package io.smartnodes.cli.job;

import org.jspecify.annotations.NullMarked;
