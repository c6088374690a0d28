/** Identity, registration and the Kademlia DHT of a validator (docs/protocol/3-peers.md). */
@NullMarked
package io.smartnodes.registry;

import org.jspecify.annotations.NullMarked;
