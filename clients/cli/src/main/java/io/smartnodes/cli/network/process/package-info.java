/** The processes of a local network: validators of every kind, what stands beside them, workers. */
@NullMarked
package io.smartnodes.cli.network.process;

import org.jspecify.annotations.NullMarked;
