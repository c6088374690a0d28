package io.smartnodes.proposer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.duty.LoopThread;
import io.smartnodes.proposer.pool.Gossip;
import io.smartnodes.proposer.signer.Marks;
import io.smartnodes.quarkus.InstanceAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Whose turn it is: a process starts standing by, and acts for the validator from when it gets the
 * lease {@code signer} until it loses it. Each term begins as a process does that has just started,
 * from the database and the chain. Where events do not leave the process there is no second one:
 * two on one database are a mistake of the operator, and the later ends itself.
 */
@Singleton
public class Turn implements LeaseListener {
  /** The lease of who acts. */
  public static final String LEASE = "signer";

  private static final Logger LOG = Logger.getLogger(Turn.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  // Who lost its term because its machine stood still gets time to notice: the fence keeps it from
  // signing, and a process that ends takes all services with it where they are in one.
  private static final Duration FAREWELL = Duration.ofSeconds(30);
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final int LOOKS_BEFORE_MISTAKE = 8;
  private static final String ONE_PROCESS = "in-process";
  private static final int FAILED = 1;

  private final Leases leases;
  private final Duty duty;
  private final Node node;
  private final StateView state;
  private final Marks marks;
  private final InstanceAddress address;
  private final String transport;
  private final List<Duties> duties;
  private final LoopThread thread = new LoopThread("turn", this::watch);
  private int looks;

  /** Called by the container. */
  public Turn(
      Leases leases,
      Duty duty,
      Node node,
      @Identifier("chain-proposer") StateView state,
      Marks marks,
      InstanceAddress address,
      @ConfigProperty(name = "smartnodes.events.transport") String transport,
      RoundWork work,
      OtherValidators others,
      EpochLoop epochs,
      Executions executions,
      Gossip gossip,
      ChainLoop chain,
      MeterRegistry meters) {
    this.leases = leases;
    this.duty = duty;
    this.node = node;
    this.state = state;
    this.marks = marks;
    this.address = address;
    this.transport = transport;
    this.duties = List.of(work, others, epochs, executions, gossip, chain);
    meters.gauge("smartnodes.signer.active", duty, it -> it.isActive() ? 1 : 0);
  }

  void start(@Observes @Priority(20_000) StartupEvent event) {
    marks.verify();
    duty.seek(leases, LEASE, this);
    thread.start();
  }

  void stop(@Observes @Priority(5) ShutdownEvent event) {
    if (!thread.stop(LOOK)) {
      LOG.debug("the watch still looks");
    }
  }

  /** Begins a term; what fails here gives the lease back, perhaps to a process that can. */
  @Override
  public void gained(Tenure tenure) {
    duty.begin(tenure);
    state.refresh();
    marks.compare(tenure.fence(), node.contracts().core().epoch());
    duties.forEach(Duties::begin);
    duty.open();
    LOG.infof("this process acts for the validator (term %d)", tenure.fence());
  }

  @Override
  public void lost(Tenure tenure) {
    duty.end();
    long end = System.nanoTime() + FAREWELL.toNanos();
    boolean ended = true;
    for (Duties one : duties.reversed()) {
      ended &= one.end(Duration.ofNanos(Math.max(LEAST.toNanos(), end - System.nanoTime())));
    }
    LOG.infof("this process stands by (term %d is over)", tenure.fence());
    if (!ended) {
      LOG.error("a loop of the term that is over does not end: this process ends instead");
      Quarkus.asyncExit(FAILED);
    }
  }

  private void watch() throws InterruptedException {
    while (true) {
      try {
        look();
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          return;
        }
        LOG.warnf("the signer's mark is not kept: %s; trying again", e.getMessage());
      }
      Thread.sleep(LOOK);
    }
  }

  private void look() {
    if (duty.isActive()) {
      looks = 0;
      marks.upkeep(() -> node.contracts().core().epoch());
      return;
    }
    marks.follow(LEASE, () -> node.contracts().core().epoch());
    Optional<String> holder = duty.holderAddress();
    boolean another = holder.filter(it -> !it.equals(address.value())).isPresent();
    looks = another && ONE_PROCESS.equals(transport) ? looks + 1 : 0;
    if (looks == LOOKS_BEFORE_MISTAKE) {
      LOG.errorf(
          "another process (%s) runs a validator on the same database: this one ends",
          holder.orElseThrow());
      Quarkus.asyncExit(FAILED);
    }
  }
}
