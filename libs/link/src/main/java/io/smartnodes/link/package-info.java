/** Channels to peers and a small server for peers without Quarkus, both over endorsed TLS keys. */
@NullMarked
package io.smartnodes.link;

import org.jspecify.annotations.NullMarked;
