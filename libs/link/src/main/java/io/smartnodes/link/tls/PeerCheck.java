package io.smartnodes.link.tls;

import io.smartnodes.protocol.PeerId;
import java.time.Instant;

/** What a certificate says about the peer that holds it. */
public sealed interface PeerCheck {
  /** The certificate is endorsed by this peer until then. */
  record Endorsed(PeerId peer, Instant notAfter) implements PeerCheck {}

  /** The certificate proves nothing; the reason is for people. */
  record Refused(String reason) implements PeerCheck {}
}
