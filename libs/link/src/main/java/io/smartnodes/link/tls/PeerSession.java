package io.smartnodes.link.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other end of a TLS session, asked at every call: sessions are resumed without a
 * look at the certificate, and connections outlive certificates.
 */
public final class PeerSession {
  private static final String KEY = PeerSession.class.getName();

  private PeerSession() {}

  /** The peer of the session, or why there is none now. The certificate is judged once. */
  public static PeerCheck check(SSLSession session, EndorsementRule rule, Instant now) {
    if (session.getValue(KEY) instanceof PeerCheck.Endorsed known) {
      return now.isBefore(known.notAfter())
          ? known
          : new PeerCheck.Refused("the endorsement ended at " + known.notAfter());
    }
    PeerCheck fresh = judge(session, rule, now);
    if (fresh instanceof PeerCheck.Endorsed endorsed) {
      session.putValue(KEY, endorsed);
    }
    return fresh;
  }

  private static PeerCheck judge(SSLSession session, EndorsementRule rule, Instant now) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? rule.check(certificate, now)
          : new PeerCheck.Refused("the peer showed no X.509 certificate");
    } catch (SSLPeerUnverifiedException e) {
      return new PeerCheck.Refused("the peer showed no certificate");
    }
  }
}
