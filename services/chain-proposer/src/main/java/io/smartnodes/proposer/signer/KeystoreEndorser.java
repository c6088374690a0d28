package io.smartnodes.proposer.signer;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Endorses TLS keys of processes that hold the node key themselves. */
@Singleton
public class KeystoreEndorser implements Endorser {
  private final OperatorKeys keys;
  private final NodeIdentity identity;

  /** Called by the container. */
  public KeystoreEndorser(OperatorKeys keys, NodeIdentity identity) {
    this.keys = keys;
    this.identity = identity;
  }

  @Override
  public SignedEndorsement endorse(Bytes32 subjectPublicKeyInfoHash, Instant notAfter) {
    return Endorser.of(keys.node(), identity.rule()).endorse(subjectPublicKeyInfoHash, notAfter);
  }
}
