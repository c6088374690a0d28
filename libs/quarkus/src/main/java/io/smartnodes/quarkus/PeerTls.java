package io.smartnodes.quarkus;

import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.quarkus.tls.runtime.TrustStoreAndTrustOptions;
import io.quarkus.tls.runtime.TrustStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.link.tls.IdentityKeyManager;
import io.smartnodes.link.tls.PeerTrustManager;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The TLS configuration "peer" of the service port: our endorsed certificate, and trust in every
 * endorsed one. Who may call what is decided per call.
 */
@ApplicationScoped
@Identifier("peer")
public class PeerTls implements KeyStoreProvider, TrustStoreProvider {
  private final NodeIdentity identity;

  /** Called by the container. */
  public PeerTls(NodeIdentity identity) {
    this.identity = identity;
  }

  @Override
  public KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
    return new KeyStoreAndKeyCertOptions(
        empty(), KeyCertOptions.wrap(new IdentityKeyManager(identity.tls())));
  }

  @Override
  public TrustStoreAndTrustOptions getTrustStore(Vertx vertx) {
    return new TrustStoreAndTrustOptions(
        empty(),
        TrustOptions.wrap(
            new PeerTrustManager(identity.rule(), Optional.empty(), InstantSource.system())));
  }

  /** The registry wants a store beside the managers; ours has nothing to keep in it. */
  private static KeyStore empty() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK has PKCS12", e);
    }
  }
}
