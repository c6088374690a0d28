package io.smartnodes.link.tls;

import io.smartnodes.protocol.PeerId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a certificate if and only if a node endorsed it; with a pin, only that node. Names and
 * issuers mean nothing. As an extended trust manager it is asked instead of the host name check.
 */
public final class PeerTrustManager extends X509ExtendedTrustManager {
  private final EndorsementRule rule;
  private final Optional<PeerId> pin;
  private final InstantSource time;

  /**
   * @param pin the only peer to accept; empty accepts every endorsed certificate, as a server does
   */
  public PeerTrustManager(EndorsementRule rule, Optional<PeerId> pin, InstantSource time) {
    this.rule = rule;
    this.pin = pin;
    this.time = time;
  }

  private void check(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw new CertificateException("a peer must show a certificate");
    }
    switch (rule.check(chain[0], time.instant())) {
      case PeerCheck.Refused(String reason) -> throw new CertificateException(reason);
      case PeerCheck.Endorsed(PeerId peer, var notAfter) -> {
        if (pin.isPresent() && !pin.get().equals(peer)) {
          throw new CertificateException(
              "expected peer " + pin.get() + ", found " + peer + " until " + notAfter);
        }
      }
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
