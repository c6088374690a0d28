package io.smartnodes.quarkus;

import io.smartnodes.crypto.Address;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Domain;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who this process is: the validator's peer id, the deployment it belongs to, and the TLS identity
 * that its node key endorsed. Keys: {@code smartnodes.peer-id}, {@code smartnodes.chain-id}, {@code
 * smartnodes.core-address}, {@code smartnodes.tls.lifetime}.
 *
 * <p>The endorsement comes from an {@link Endorser} bean of this process if there is one, else from
 * the signer at {@code smartnodes.signer.url}, authorised by {@code smartnodes.signer.token-file}.
 */
@Singleton
public class NodeIdentity {
  private final PeerId peerId;
  private final EndorsementRule rule;
  private final Duration lifetime;
  private final Optional<String> signerUrl;
  private final Optional<String> tokenFile;
  private final Instance<Endorser> endorsers;
  private volatile Optional<RenewingIdentity> identity = Optional.empty();

  /** Called by the container. */
  @Inject
  public NodeIdentity(
      @ConfigProperty(name = "smartnodes.peer-id") String peerId,
      @ConfigProperty(name = "smartnodes.chain-id") long chainId,
      @ConfigProperty(name = "smartnodes.core-address") String core,
      @ConfigProperty(name = "smartnodes.tls.lifetime", defaultValue = "24H") Duration lifetime,
      @ConfigProperty(name = "smartnodes.signer.url") Optional<String> signerUrl,
      @ConfigProperty(name = "smartnodes.signer.token-file") Optional<String> tokenFile,
      @Any Instance<Endorser> endorsers) {
    this.peerId = PeerId.fromHex(peerId);
    this.rule = EndorsementRule.of(chainId, Address.fromHex(core));
    this.lifetime = lifetime;
    this.signerUrl = signerUrl;
    this.tokenFile = tokenFile;
    this.endorsers = endorsers;
  }

  /** Our own peer id. */
  public PeerId peerId() {
    return peerId;
  }

  /** What signatures of this deployment are bound to. */
  public Domain domain() {
    return rule.domain();
  }

  /** Judges the certificates of peers. */
  public EndorsementRule rule() {
    return rule;
  }

  /**
   * The TLS identity, made at the first call, which may wait for the signer; not for event loops.
   *
   * @throws IllegalStateException if the endorsing key is not that of the configured peer id
   */
  public synchronized RenewingIdentity tls() {
    if (identity.isEmpty()) {
      RenewingIdentity made = new RenewingIdentity(endorser(), lifetime, InstantSource.system());
      if (!made.current().peer().equals(peerId)) {
        made.close();
        throw new IllegalStateException(
            "smartnodes.peer-id is "
                + peerId
                + ", the node key belongs to "
                + made.current().peer());
      }
      identity = Optional.of(made);
    }
    return identity.orElseThrow();
  }

  private Endorser endorser() {
    if (endorsers.isResolvable()) {
      return endorsers.get();
    }
    return new RemoteEndorser(
        signerUrl.orElseThrow(() ->
            new IllegalStateException("no signer in this process: set smartnodes.signer.url")),
        tokenFile.orElseThrow(() ->
            new IllegalStateException(
                "no signer in this process: set smartnodes.signer.token-file")),
        peerId,
        rule);
  }

  @PreDestroy
  void close() {
    identity.ifPresent(RenewingIdentity::close);
  }
}
