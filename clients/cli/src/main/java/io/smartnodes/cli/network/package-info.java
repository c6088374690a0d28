/** A whole network on this machine: chain, contracts, validators, workers. */
@NullMarked
package io.smartnodes.cli.network;

import org.jspecify.annotations.NullMarked;
