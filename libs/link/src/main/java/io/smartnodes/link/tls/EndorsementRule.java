package io.smartnodes.link.tls;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endorsement;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;

/**
 * When a TLS certificate speaks for a node: it carries an endorsement of its own key, signed for
 * this chain and this {@code SmartnodesCore}, that ends within 24 hours and has not ended.
 *
 * @param domain what signatures are bound to (docs/protocol/1-structs.md, 1.1 and 1.3)
 */
public record EndorsementRule(Domain domain) {
  /** Longest life of an endorsement. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** Clocks of peers may differ by this much. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

  /**
   * The certificate extension, an OCTET STRING of {@code public key ‖ notAfter ‖ signature}. The
   * arc is not registered; it lies under the private enterprise arc and is unique to this protocol.
   */
  public static final String EXTENSION = "1.3.6.1.4.1.61147.1.1";

  /** The rule for one deployment. */
  public static EndorsementRule of(long chainId, Address core) {
    return new EndorsementRule(new Domain(chainId, core));
  }

  /** What the node key signs. */
  public Bytes32 digest(Bytes32 subjectPublicKeyInfoHash, Instant notAfter) {
    return domain.digest(new Endorsement(subjectPublicKeyInfoHash, notAfter));
  }

  /** keccak256 of a certificate's SubjectPublicKeyInfo. */
  static Bytes32 keyHash(X509Certificate certificate) {
    return Keccak.hash(certificate.getPublicKey().getEncoded());
  }

  /** Judges a certificate at an instant. */
  public PeerCheck check(X509Certificate certificate, Instant now) {
    byte[] extension = certificate.getExtensionValue(EXTENSION);
    if (extension == null) {
      return new PeerCheck.Refused("the certificate has no endorsement");
    }
    Optional<SignedEndorsement> decoded = decode(extension);
    if (decoded.isEmpty()) {
      return new PeerCheck.Refused("the endorsement is malformed");
    }
    SignedEndorsement endorsement = decoded.get();
    Instant notAfter = endorsement.notAfter();
    if (!notAfter.isAfter(now)) {
      return new PeerCheck.Refused("the endorsement ended at " + notAfter);
    }
    if (notAfter.isAfter(now.plus(LONGEST).plus(CLOCK_SKEW))) {
      return new PeerCheck.Refused("the endorsement lasts longer than 24 hours");
    }
    Optional<PublicKey> signer =
        PublicKey.recover(digest(keyHash(certificate), notAfter), endorsement.signature());
    if (!signer.equals(Optional.of(endorsement.nodeKey()))) {
      return new PeerCheck.Refused(
          "the endorsement is not by its key for this TLS key, chain and contract");
    }
    return new PeerCheck.Endorsed(PeerId.of(endorsement.nodeKey()), notAfter);
  }

  private static Optional<SignedEndorsement> decode(byte[] extension) {
    try {
      // getExtensionValue wraps the extension's own OCTET STRING into another one.
      byte[] outer = ASN1OctetString.getInstance(extension).getOctets();
      return SignedEndorsement.decode(ASN1OctetString.getInstance(outer).getOctets());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
