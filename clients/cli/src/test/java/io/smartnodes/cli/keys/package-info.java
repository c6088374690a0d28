/** Tests of the commands for keys. */
@NullMarked
package io.smartnodes.cli.keys;

import org.jspecify.annotations.NullMarked;
