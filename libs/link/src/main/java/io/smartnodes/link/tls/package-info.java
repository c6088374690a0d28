/**
 * TLS keys that speak for node keys. A certificate is self-signed and carries an extension with the
 * node's public key and its signature over the TLS key, so that both sides of a connection derive a
 * {@code PeerId}. Host names are never checked: a peer is its key, not its address.
 */
@NullMarked
package io.smartnodes.link.tls;

import org.jspecify.annotations.NullMarked;
