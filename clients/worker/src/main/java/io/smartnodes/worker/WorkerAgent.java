package io.smartnodes.worker;

import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.PeerServer;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.runner.client.UnitRunner;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.sdk.Identity;
import io.smartnodes.sdk.NetworkClient;
import io.smartnodes.sdk.Registrar;
import io.smartnodes.sdk.StateClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Malformed;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running worker: registers, serves its data path, and keeps in touch with all validators. */
final class WorkerAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("worker");
  private static final Duration REGISTRATION = Duration.ofHours(24);
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private static final Duration PRUNED = Duration.ofMinutes(10);

  private final Settings settings;
  private final NetworkClient network;
  private final LeaseDesk desk;
  private final WorkerRoles roles;
  private final ReceiptDesk receipts;
  private final UnitRunner runner;
  private final UnitPool pool;
  private final PeerServer server;
  private final Heartbeats heartbeats;
  private final StateClient state;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread pruning = Thread.ofVirtual().name("prune").unstarted(this::prune);

  /**
   * What an agent is started with.
   *
   * @param home its folder
   * @param listen where it serves, port 0 for a free one
   * @param publicHost the name under which users and juries reach it
   */
  record Settings(
      Domain domain,
      Identity identity,
      List<Bootstrap> bootstraps,
      Path home,
      InetSocketAddress listen,
      String publicHost,
      Address payout,
      String networkName,
      int slots,
      Amount unitPrice,
      Honesty honesty) {}

  /**
   * @param runner where units run; closed with the agent
   */
  WorkerAgent(Settings settings, UnitRunner runner, InstantSource time) {
    this.settings = settings;
    this.runner = runner;
    this.network =
        new NetworkClient(settings.domain(), settings.identity(), settings.bootstraps(), time);
    this.state = new StateClient(network);
    this.desk = new LeaseDesk(settings.home().resolve("leases"), time, settings.honesty());
    this.roles = new WorkerRoles(desk);
    this.pool = new UnitPool(settings.slots());
    ModuleStore modules = new ModuleStore(settings.home().resolve("modules"));
    UnitExecutor executor = new UnitExecutor(modules, runner);
    this.receipts = new ReceiptDesk(network, this::head);
    EndorsementRule rule = new EndorsementRule(settings.domain());
    this.server =
        PeerServer.start(
            settings.listen(),
            network.tls(),
            rule,
            time,
            List.of(
                new CallerInterceptor(
                    rule,
                    settings.identity()::peerId,
                    roles,
                    time,
                    (method, code) -> LOG.log(Level.INFO, "refused {0}: {1}", method, code))),
            List.of(new WorkerService(desk, modules, executor, receipts, pool)));
    this.heartbeats =
        new Heartbeats(
            network,
            desk,
            new Heartbeats.Offer(
                settings.networkName(),
                settings.slots(),
                settings.unitPrice(),
                new Endpoint("worker", settings.publicHost(), server.port())));
  }

  private long head() {
    return heartbeats.head();
  }

  int port() {
    return server.port();
  }

  /** Registers and works until interrupted or closed. */
  Registrar.Outcome run() throws InterruptedException {
    Registrar.Outcome outcome =
        new Registrar(network).register(Set.of(Role.WORKER), settings.payout(), REGISTRATION);
    if (!(outcome instanceof Registrar.Outcome.Registered)) {
      return outcome;
    }
    LOG.log(Level.INFO, "registered; waiting for leases");
    pruning.start();
    receipts.bring(desk.undelivered());
    while (!closed.get() && !Thread.currentThread().isInterrupted()) {
      try {
        roles.refresh(network);
        heartbeats.refresh();
      } catch (StatusRuntimeException unreachable) {
        LOG.log(Level.WARNING, "no validator answers: {0}", unreachable.getMessage());
      }
      Thread.sleep(REFRESH);
    }
    return outcome;
  }

  private void prune() {
    try {
      while (true) {
        Thread.sleep(PRUNED);
        desk.prune(this::hasLeft);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether so many validators say that a job left the state that an honest one is among them. */
  private boolean hasLeft(Bytes32 job) {
    List<ValidatorNode> validators = network.validators();
    int enough = validators.size() / 3 + 1;
    int left = 0;
    int there = 0;
    for (ValidatorNode validator : validators) {
      try {
        if (state.leaf(validator, LeafKey.job(job), 0).isPresent()) {
          there++;
        } else {
          left++;
        }
      } catch (StatusRuntimeException | Malformed unknown) {
        LOG.log(Level.DEBUG, "{0} does not say: {1}", validator.operator(), unknown.getMessage());
      }
      if (left == enough || there == enough) {
        break;
      }
    }
    return left == enough;
  }

  /**
   * Ends what it does, in order: no lease comes any more, calls end or are ended, then the units.
   * Leases stay as they are on disk for the next start. Does nothing the second time.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    pruning.interrupt();
    heartbeats.close();
    server.close();
    pool.close();
    runner.close();
    network.close();
  }
}
