package io.smartnodes.router;

import io.smartnodes.crypto.NodeKey;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.job.v1.JobRouterGrpc;
import io.smartnodes.protocol.PeerId;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.ConfigProvider;

/** A peer that calls the application over mutual TLS. */
final class Client implements AutoCloseable {
  final JobRouterGrpc.JobRouterBlockingStub stub;
  private final RenewingIdentity identity;
  private final PeerChannels channels;

  Client(NodeKey key) {
    identity =
        new RenewingIdentity(
            Endorser.of(key, TestKeys.RULE), Duration.ofHours(1), InstantSource.system());
    channels =
        new PeerChannels(
            identity, TestKeys.RULE, InstantSource.system(), PeerChannels.Settings.DEFAULT);
    int port = ConfigProvider.getConfig().getValue("quarkus.http.ssl-port", Integer.class);
    stub =
        JobRouterGrpc.newBlockingStub(
            channels.to(PeerId.of(TestKeys.KEY.publicKey()), "localhost:" + port));
  }

  @Override
  public void close() {
    channels.close();
    identity.close();
  }
}
