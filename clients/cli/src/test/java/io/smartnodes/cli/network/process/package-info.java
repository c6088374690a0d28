/** Tests of the processes of a local network. */
@NullMarked
package io.smartnodes.cli.network.process;

import org.jspecify.annotations.NullMarked;
