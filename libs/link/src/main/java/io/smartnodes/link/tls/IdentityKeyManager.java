package io.smartnodes.link.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Serves whatever identity is current. JSSE asks for alias, key and chain one after the other, so
 * the alias is the certificate's number: a renewal in between cannot mix key and chain.
 */
public final class IdentityKeyManager extends X509ExtendedKeyManager {
  private final RenewingIdentity identity;

  /** Reads the identity at each handshake. */
  public IdentityKeyManager(RenewingIdentity identity) {
    this.identity = identity;
  }

  private String alias() {
    return alias(identity.current());
  }

  private static String alias(TlsIdentity identity) {
    return identity.certificate().getSerialNumber().toString(16);
  }

  private Optional<TlsIdentity> find(String alias) {
    return identity.held().stream().filter(held -> alias(held).equals(alias)).findFirst();
  }

  @Override
  public String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return keyType.startsWith("EC") ? alias() : null;
  }

  @Override
  public String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return find(alias).map(held -> new X509Certificate[] {held.certificate()}).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return find(alias).map(TlsIdentity::key).orElse(null);
  }
}
