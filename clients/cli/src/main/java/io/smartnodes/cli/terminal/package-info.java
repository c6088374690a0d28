/** How commands speak to people and machines. */
@NullMarked
package io.smartnodes.cli.terminal;

import org.jspecify.annotations.NullMarked;
