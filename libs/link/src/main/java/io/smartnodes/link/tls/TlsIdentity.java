package io.smartnodes.link.tls;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.PeerId;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The TLS key of one process and its endorsed, self-signed certificate.
 *
 * @param peer the node that endorsed it
 * @param key fresh P-256 key, never written anywhere
 * @param certificate carries the endorsement in {@link EndorsementRule#EXTENSION}
 * @param notAfter when the endorsement ends
 */
public record TlsIdentity(
    PeerId peer, PrivateKey key, X509Certificate certificate, Instant notAfter) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Makes a key, has it endorsed and builds the certificate.
   *
   * @param lifetime at most {@link EndorsementRule#LONGEST}
   */
  public static TlsIdentity create(Endorser endorser, Instant now, Duration lifetime) {
    Instant notAfter = now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      KeyPair pair = generator.generateKeyPair();
      Bytes32 hash = Keccak.hash(pair.getPublic().getEncoded());
      SignedEndorsement endorsement = endorser.endorse(hash, notAfter);
      PeerId peer = PeerId.of(endorsement.nodeKey());
      return new TlsIdentity(
          peer, pair.getPrivate(), certificate(pair, endorsement, peer, now), notAfter);
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("this JDK cannot make a P-256 certificate", e);
    }
  }

  private static X509Certificate certificate(
      KeyPair pair, SignedEndorsement endorsement, PeerId peer, Instant now)
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    X500Name name = new X500Name("CN=" + peer);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(64, RANDOM),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(endorsement.notAfter()),
            name,
            pair.getPublic());
    builder.addExtension(
        new ASN1ObjectIdentifier(EndorsementRule.EXTENSION),
        false,
        new DEROctetString(endorsement.encode()));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + peer + " until " + notAfter + "]";
  }
}
