package io.smartnodes.registry;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.state.StateView;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What the registry does by itself, on one virtual thread: announces us, reaches every validator of
 * the set (bootstrap addresses in {@code smartnodes.bootstrap}, {@code peerId@host:port,…}),
 * republishes, deletes what has ended and refreshes buckets. Until we are announced and everybody
 * is reached it tries again with growing pauses.
 */
@Singleton
public class Upkeep {
  private static final Logger LOG = Logger.getLogger(Upkeep.class);

  private static final Duration ALONE = Duration.ofSeconds(5);

  private final Announcer announcer;
  private final Dht dht;
  private final Contacts contacts;
  private final Members members;
  private final RegistryStore store;
  private final RegistryConfig config;
  private final StateView state;
  private final Leases leases;
  private final PeerId self;
  private final Map<PeerId, String> bootstrap;
  private final InstantSource time = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Semaphore news = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("registry-upkeep").unstarted(this::run);
  private volatile boolean isStopped;
  private volatile Optional<Lease> leadership = Optional.empty();
  private Instant announced = Instant.EPOCH;
  private Instant republished = InstantSource.system().instant();
  private Duration pause;
  private String trouble = "";

  /** Called by the container. */
  @Inject
  public Upkeep(
      Announcer announcer,
      Dht dht,
      Contacts contacts,
      Members members,
      RegistryStore store,
      RegistryConfig config,
      NodeIdentity identity,
      @Identifier("peer-registry") StateView state,
      Leases leases,
      @ConfigProperty(name = "smartnodes.bootstrap") Optional<List<String>> bootstrap) {
    this.announcer = announcer;
    this.dht = dht;
    this.contacts = contacts;
    this.members = members;
    this.store = store;
    this.config = config;
    this.state = state;
    this.leases = leases;
    this.self = identity.peerId();
    this.bootstrap = parsed(bootstrap.orElse(List.of()));
    this.pause = config.firstRetry();
  }

  /** Entries {@code peerId@host:port}. */
  static Map<PeerId, String> parsed(List<String> entries) {
    Map<PeerId, String> addresses = new HashMap<>();
    for (String entry : entries) {
      String[] parts = entry.strip().split("@", -1);
      if (parts.length != 2 || !parts[1].matches("[^:@]+:[0-9]{1,5}")) {
        throw new IllegalArgumentException(
            "smartnodes.bootstrap has '" + entry + "', expected peerId@host:port");
      }
      addresses.put(PeerId.fromHex(parts[0]), parts[1]);
    }
    return Map.copyOf(addresses);
  }

  void start(@Observes @Priority(20_000) StartupEvent event) {
    state.onAdvance(advance -> news.release());
    leadership = Optional.of(leases.keep(RegistryStore.UNIT, "announce", leader));
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    isStopped = true;
    thread.interrupt();
  }

  private void run() {
    while (!isStopped) {
      boolean isWell;
      try {
        isWell = step();
        trouble = "";
      } catch (RuntimeException e) {
        isWell = false;
        complain(e);
      }
      // Nobody in reach: we may wait for our own place in the state of the others.
      Duration longest =
          contacts.table().peers().isEmpty()
              ? shorter(ALONE, config.lastRetry())
              : config.lastRetry();
      pause = isWell ? longest : shorter(pause.multipliedBy(2), longest);
      await(pause);
    }
  }

  private void complain(RuntimeException e) {
    String told = String.valueOf(e.getMessage());
    if (isStopped) {
      LOG.debug("interrupted by the shutdown", e);
    } else if (!told.equals(trouble)) {
      // The same trouble is told once: until the signer is up it comes at every attempt.
      trouble = told;
      LOG.warnf("the registry tries again in %s: %s", pause, told);
      LOG.debug("because of", e);
    }
  }

  private void await(Duration wait) {
    try {
      if (news.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        news.drainPermits();
        if (!contacts.missing(members).isEmpty()) {
          pause = config.firstRetry();
        }
      }
    } catch (InterruptedException e) {
      isStopped = true;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** One round; false if there is something to be tried again soon. */
  private boolean step() {
    if (!members.isLoaded()) {
      return false;
    }
    Instant now = time.instant();
    if (!isLeader()) {
      announcer.recall();
    } else if (contacts.own().isEmpty() || !announced.plus(config.announceEvery()).isAfter(now)) {
      int stored = announcer.announce();
      announced = now;
      LOG.infof("announced at %d nodes", stored);
    }
    // Our record goes with every call: whoever takes it knows where we listen.
    boolean allReached = reach();
    if (isLeader() && !republished.plus(config.republishEvery()).isAfter(now)) {
      republished = now;
      dht.republish(now.minus(config.republishEvery()));
      int ended = store.deleteEnded(now, self);
      LOG.debugf("deleted %d records that have ended", ended);
    }
    for (int bucket : contacts.table().stale(now, config.refreshEvery())) {
      dht.refresh(bucket, noise());
    }
    return allReached && contacts.own().isPresent();
  }

  /** Hears that this instance signs from now on. */
  private final LeaseListener leader =
      new LeaseListener() {
        @Override
        public void gained(Tenure tenure) {
          news.release();
        }

        @Override
        public void lost(Tenure tenure) {
          LOG.info("another instance announces this validator");
        }
      };

  /** Of several instances one signs our record and republishes; each fills a table of its own. */
  private boolean isLeader() {
    return leadership.filter(lease -> lease.tenure().isPresent()).isPresent();
  }

  private boolean reach() {
    List<Callable<Boolean>> dials = new ArrayList<>();
    for (PeerId peer : contacts.missing(members)) {
      dials.add(() -> reach(peer));
    }
    return dht.all(dials).stream().allMatch(Boolean::booleanValue);
  }

  /** By its last known record, by the bootstrap address, by a lookup. */
  private boolean reach(PeerId peer) {
    Optional<String> last =
        store
            .last(peer)
            .flatMap(
                r -> r instanceof DhtRecord.OfNode n ? PeerCaller.address(n) : Optional.empty());
    if (last.isPresent() && dht.dial(peer, last.get())) {
      return true;
    }
    String known = bootstrap.get(peer);
    if (known != null && !last.equals(Optional.of(known)) && dht.dial(peer, known)) {
      return true;
    }
    return dht.resolve(peer)
        .flatMap(PeerCaller::address)
        .filter(address -> !last.equals(Optional.of(address)))
        .filter(address -> dht.dial(peer, address))
        .isPresent();
  }

  private Bytes32 noise() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Bytes32.of(bytes);
  }
}
