package io.smartnodes.link.tls;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import java.time.Instant;

/** Port to whoever holds the node key. */
@FunctionalInterface
public interface Endorser {
  /**
   * Signs a TLS key. May block; never called on an event loop.
   *
   * @param subjectPublicKeyInfoHash keccak256 of the TLS key's SubjectPublicKeyInfo
   * @param notAfter at most 24 hours away, whole seconds
   */
  SignedEndorsement endorse(Bytes32 subjectPublicKeyInfoHash, Instant notAfter);

  /** Endorses with a key in this process. */
  static Endorser of(NodeKey key, EndorsementRule rule) {
    return (hash, notAfter) ->
        new SignedEndorsement(key.publicKey(), notAfter, key.sign(rule.digest(hash, notAfter)));
  }
}
