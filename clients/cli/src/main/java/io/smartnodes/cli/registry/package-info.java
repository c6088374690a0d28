/** The registry of networks on the chain. */
@NullMarked
package io.smartnodes.cli.registry;

import org.jspecify.annotations.NullMarked;
