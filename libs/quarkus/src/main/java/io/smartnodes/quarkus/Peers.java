package io.smartnodes.quarkus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.ResolveRequest;
import io.smartnodes.proto.types.v1.Endpoint;
import io.smartnodes.proto.types.v1.NodeRecord;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Errors;
import io.vertx.core.Context;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Channels to other nodes by their peer id: the local peer-registry finds the address, which is
 * remembered for a minute. Ask at every call.
 */
@Singleton
public class Peers {
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private final NodeIdentity identity;
  private final SelfChannel self;
  private final PeerChannels channels;
  private final Cache<PeerId, NodeRecord> records =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(REMEMBERED).build();

  /** Called by the container. */
  public Peers(NodeIdentity identity, SelfChannel self, PeerChannels channels) {
    this.identity = identity;
    this.self = self;
    this.channels = channels;
  }

  /**
   * The channel to a service of a peer; to a sibling of ours if the peer is ourselves. For worker
   * and virtual threads: it may look the peer up.
   *
   * @param service as in the peer's node record, for instance {@code attestation} or {@code worker}
   * @throws io.grpc.StatusRuntimeException with {@code NOT_FOUND} if nobody knows the peer or it
   *     has no such service
   */
  public ManagedChannel channel(PeerId peer, String service) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("an event loop must not wait for a lookup");
    }
    if (peer.equals(identity.peerId())) {
      return self.to(service);
    }
    return channels.to(peer, address(record(peer), service));
  }

  /** The same without waiting. */
  public Uni<ManagedChannel> channelLater(PeerId peer, String service) {
    return Uni.createFrom()
        .item(() -> channel(peer, service))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  /** Forgets an address that does not answer: the next call looks it up again. */
  public void forget(PeerId peer) {
    records.invalidate(peer);
  }

  private NodeRecord record(PeerId peer) {
    NodeRecord known = records.getIfPresent(peer);
    if (known != null) {
      return known;
    }
    // Not inside the cache: a slow lookup must not hold up those of other peers.
    NodeRecord found =
        PeerRegistryGrpc.newBlockingStub(self.to("peer-registry"))
            .resolve(
                ResolveRequest.newBuilder()
                    .setPeerId(ByteString.copyFrom(peer.value().toArray()))
                    .build())
            .getNode()
            .getRecord();
    records.put(peer, found);
    return found;
  }

  private static String address(NodeRecord record, String service) {
    return record.getEndpointsList().stream()
        .filter(endpoint -> endpoint.getService().equals(service))
        .map(Peers::address)
        .findFirst()
        .orElseThrow(() ->
            Errors.status(
                ErrorCode.ERROR_CODE_NOT_FOUND, "service", "the peer serves no " + service));
  }

  private static String address(Endpoint endpoint) {
    return endpoint.getHost() + ":" + endpoint.getPort();
  }
}
