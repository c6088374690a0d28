/** Tests of the command line. */
@NullMarked
package io.smartnodes.cli;

import org.jspecify.annotations.NullMarked;
