package io.smartnodes.registry;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.KBucket;
import io.smartnodes.protocol.dht.RoutingTable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/** The DHT as the rest of the registry uses it. Every method waits, for virtual threads. */
@Singleton
public class Dht {
  private static final Logger LOG = Logger.getLogger(Dht.class);
  private static final int AT_ONCE = 1_000;

  private final RegistryStore store;
  private final Contacts contacts;
  private final PeerCaller caller;
  private final Lookups lookups;
  private final InstantSource time = InstantSource.system();
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<PeerId> dialling = ConcurrentHashMap.newKeySet();

  /** Called by the container. */
  public Dht(RegistryStore store, Contacts contacts, PeerCaller caller, Lookups lookups) {
    this.store = store;
    this.contacts = contacts;
    this.caller = caller;
    this.lookups = lookups;
  }

  /** Keeps a valid record, and returns the one that stands. */
  DhtRecord keep(DhtRecord record) {
    DhtRecord standing = store.keep(record, time.instant());
    if (standing instanceof DhtRecord.OfNode node) {
      contacts.learn(node);
    }
    return standing;
  }

  /** The record under a key, as we hold it. */
  Optional<DhtRecord> held(Bytes32 key) {
    return store.find(key, time.instant());
  }

  /** Keeps a valid record and stores it at the nodes closest to its key; how many acknowledged. */
  int publish(DhtRecord record) {
    keep(record);
    return 1 + spread(record);
  }

  private int spread(DhtRecord record) {
    List<Callable<Boolean>> stores = new ArrayList<>();
    lookups
        .nodes(record.keys().getFirst())
        .closest()
        .forEach(node -> stores.add(() -> caller.store(node, record)));
    return (int) all(stores).stream().filter(Boolean::booleanValue).count();
  }

  /** The valid node record of a peer: as we know it, else by a lookup. */
  Optional<DhtRecord.OfNode> resolve(PeerId peer) {
    Optional<DhtRecord.OfNode> known = contacts.record(peer);
    if (known.isPresent()) {
      return known;
    }
    Optional<DhtRecord> record = held(peer.value()).or(() -> lookups.value(peer.value()).value());
    return record
        .flatMap(
            found -> found instanceof DhtRecord.OfNode node ? Optional.of(node) : Optional.empty())
        .map(node -> {
          contacts.learn(node);
          return node;
        });
  }

  /** A validator showed its record: it is kept, and a newcomer is dialled back. */
  void shown(DhtRecord.OfNode sender) {
    boolean isNews =
        contacts
            .record(sender.author())
            .filter(known -> known.sequence() >= sender.sequence())
            .isEmpty();
    if (isNews) {
      keep(sender);
    }
    if (!contacts.table().contains(sender.author())) {
      background.execute(() -> dial(sender.author(), PeerCaller.address(sender).orElseThrow()));
    }
  }

  /** Pings a validator and enters it into the table if it answers with a valid record. */
  boolean dial(PeerId peer, String address) {
    if (!dialling.add(peer)) {
      return false;
    }
    try {
      Optional<DhtRecord.OfNode> answered = caller.ping(peer, address);
      answered.ifPresent(this::entered);
      return answered.isPresent();
    } finally {
      dialling.remove(peer);
    }
  }

  private void entered(DhtRecord.OfNode node) {
    keep(node);
    switch (contacts.heard(node.author())) {
      case RoutingTable.Change.Added(RoutingTable table, PeerId peer) -> {
        LOG.infof("found the validator %s at %s", peer, PeerCaller.address(node).orElse("?"));
        background.execute(() -> handOver(node, table));
      }
      case RoutingTable.Change.Waiting(var table, var peer, PeerId oldest) ->
          background.execute(() -> doubt(oldest));
      case RoutingTable.Change.Refreshed refreshed -> {}
      case RoutingTable.Change.Removed removed -> {}
      case RoutingTable.Change.Unchanged unchanged -> {}
    }
  }

  /** Pings the least recently seen peer of a full bucket; without an answer it is out. */
  private void doubt(PeerId oldest) {
    Optional<DhtRecord.OfNode> record = contacts.record(oldest);
    if (record.isEmpty()) {
      contacts.failed(oldest);
    } else if (caller.ping(oldest, PeerCaller.address(record.get()).orElseThrow()).isPresent()) {
      contacts.heard(oldest);
    }
  }

  /** Gives a newcomer the records that belong to it now. */
  private void handOver(DhtRecord.OfNode newcomer, RoutingTable table) {
    List<Callable<Boolean>> stores = new ArrayList<>();
    for (DhtRecord record : store.live(time.instant(), AT_ONCE)) {
      boolean belongs =
          table.closest(record.keys().getFirst(), KBucket.SIZE).contains(newcomer.author());
      if (belongs && !record.author().equals(newcomer.author())) {
        stores.add(() -> caller.store(newcomer, record));
      }
    }
    all(stores);
  }

  /** Hands on what nobody has refreshed since then; ours is announced anew instead. */
  void republish(Instant then) {
    for (DhtRecord record : store.unrefreshedSince(then, time.instant(), AT_ONCE)) {
      if (!contacts.isSelf(record.author())) {
        int stored = publish(record);
        LOG.debugf("republished a record of %s at %d nodes", record.author(), stored);
      }
    }
  }

  /** Looks up an id in the bucket, so that its peers are asked for others. */
  void refresh(int bucket, Bytes32 random) {
    contacts.refreshing(bucket, time.instant());
    lookups.nodes(contacts.table().idIn(bucket, random));
  }

  /** Runs all at the same time and waits for them. */
  <T> List<T> all(List<? extends Callable<T>> tasks) {
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : background.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while peers were called", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call to a peer broke", e.getCause());
    }
  }

  @PreDestroy
  void close() {
    background.shutdownNow();
  }
}
