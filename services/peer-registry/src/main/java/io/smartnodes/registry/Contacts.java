package io.smartnodes.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.RecordSelector;
import io.smartnodes.protocol.dht.RoutingTable;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whom we know: the routing table of validators that answered, and valid node records. */
@Singleton
public class Contacts {
  private static final int REMEMBERED = 10_000;

  private final PeerId self;
  private final InstantSource time = InstantSource.system();
  private final Cache<PeerId, DhtRecord.OfNode> records =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private RoutingTable table;
  private volatile Optional<DhtRecord.OfNode> own = Optional.empty();

  /** Called by the container. */
  public Contacts(NodeIdentity identity) {
    this.self = identity.peerId();
    this.table = RoutingTable.empty(self);
  }

  boolean isSelf(PeerId peer) {
    return peer.equals(self);
  }

  /** Our own record, empty until it is signed. */
  Optional<DhtRecord.OfNode> own() {
    return own.filter(record -> record.expiry().isAfter(time.instant()));
  }

  void own(DhtRecord.OfNode record) {
    own = Optional.of(record);
    learn(record);
  }

  /** Remembers a valid record if it is better than what we know. */
  void learn(DhtRecord.OfNode fresh) {
    records
        .asMap()
        .merge(
            fresh.author(),
            fresh,
            (old, other) -> RecordSelector.replaces(other, old) ? other : old);
  }

  /** The node record of a peer, if it has not ended. */
  Optional<DhtRecord.OfNode> record(PeerId peer) {
    return Optional.ofNullable(records.getIfPresent(peer))
        .filter(record -> record.expiry().isAfter(time.instant()));
  }

  /** A validator answered a call of ours. */
  synchronized RoutingTable.Change heard(PeerId peer) {
    return changed(current -> current.heard(peer, time.instant()));
  }

  /** A peer did not answer a call of ours. */
  synchronized RoutingTable.Change failed(PeerId peer) {
    return changed(current -> current.failed(peer));
  }

  private RoutingTable.Change changed(Function<RoutingTable, RoutingTable.Change> step) {
    RoutingTable.Change change = step.apply(table);
    table = change.table();
    return change;
  }

  /** The bucket is being refreshed. */
  synchronized void refreshing(int bucket, Instant now) {
    table = table.refreshing(bucket, now);
  }

  /** The table at this moment. */
  synchronized RoutingTable table() {
    return table;
  }

  /** The known servers closest to a target, ourselves among them. */
  List<DhtRecord.OfNode> closest(Bytes32 target, int count) {
    List<PeerId> peers = new java.util.ArrayList<>(table().peers());
    peers.add(self);
    return peers.stream()
        .sorted(io.smartnodes.protocol.dht.Distance.to(target))
        .limit(count)
        .map(peer -> peer.equals(self) ? own().orElse(null) : record(peer).orElse(null))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Ready when more than two thirds of the validators, ourselves included, are in reach. */
  @Readiness
  @Singleton
  static class Reach implements HealthCheck {
    private final Contacts contacts;
    private final Members members;

    Reach(Contacts contacts, Members members) {
      this.contacts = contacts;
      this.members = members;
    }

    @Override
    public HealthCheckResponse call() {
      List<PeerId> all = members.active().stream().map(Members::peerOf).toList();
      RoutingTable now = contacts.table();
      long reached = all.stream().filter(p -> p.equals(contacts.self) || now.contains(p)).count();
      return HealthCheckResponse.named("peer-registry")
          .withData("state", members.isLoaded() ? "loaded" : "waiting for the genesis state")
          .withData("announced", contacts.own().isPresent())
          .withData("validators", all.size())
          .withData("reached", reached)
          .status(contacts.own().isPresent() && !all.isEmpty() && 3 * reached > 2L * all.size())
          .build();
    }
  }

  /** The validators that are not in reach, and the nodes to start from that the state misses. */
  List<PeerId> missing(Members members) {
    RoutingTable now = table();
    return Stream.concat(
            members.validators().stream().map(Members::peerOf),
            members.unknownBootstraps().stream())
        .filter(peer -> !peer.equals(self) && !now.contains(peer))
        .toList();
  }
}
