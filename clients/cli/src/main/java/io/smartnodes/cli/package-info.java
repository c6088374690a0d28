/** The command line: {@code smartnodes demo | up | down | status | run | claim | job | epoch}. */
@NullMarked
package io.smartnodes.cli;

import org.jspecify.annotations.NullMarked;
