package io.smartnodes.events;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Forgets old marks of processed events once an hour, so that inboxes do not grow for ever. */
@Singleton
public class InboxUpkeep {
  private static final Logger LOG = Logger.getLogger(InboxUpkeep.class);
  private static final Duration PERIOD = Duration.ofHours(1);

  private final Tx tx;
  private final Set<String> units;
  private final Thread thread = Thread.ofVirtual().name("inbox-upkeep").unstarted(this::run);

  /** Called by the container. */
  @Inject
  public InboxUpkeep(Tx tx, @Any Instance<EventConsumer> consumers) {
    this.tx = tx;
    this.units = consumers.stream().map(EventConsumer::unit).collect(Collectors.toSet());
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        units.forEach(this::forgetOld);
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  private void forgetOld(String unit) {
    try {
      tx.runAndAwait(unit, session -> Inbox.forgetOld());
    } catch (RuntimeException e) {
      LOG.warnf(e, "old marks of %s are still there; trying again in an hour", unit);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    thread.interrupt();
  }
}
