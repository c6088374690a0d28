/** Kademlia as pure functions: distances, the routing table, lookups and the rules of records. */
@NullMarked
package io.smartnodes.protocol.dht;

import org.jspecify.annotations.NullMarked;
