package io.smartnodes.events.kafka.consume;

import io.smartnodes.events.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Asks the broker every few seconds for its topics, and says once when it goes and comes back. */
final class BrokerWatch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(BrokerWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final KafkaSettings settings;
  private final Set<String> wanted;
  private final InstantSource time;
  private final Thread thread = Thread.ofVirtual().name("kafka-watch").unstarted(this::run);
  private volatile Instant answered = Instant.EPOCH;
  private volatile Set<String> missing;
  private volatile boolean stopping;
  private boolean away;

  BrokerWatch(KafkaSettings settings, Set<String> wanted, InstantSource time) {
    this.settings = settings;
    this.wanted = Set.copyOf(wanted);
    this.missing = Set.copyOf(wanted);
    this.time = time;
  }

  void start() {
    thread.start();
  }

  /** Whether it answered in the last thirty seconds. */
  boolean isReachable() {
    return answered.plus(FRESH).isAfter(time.instant());
  }

  /** Topics of this process that were not there when the broker answered last. */
  Set<String> missing() {
    return missing;
  }

  private void run() {
    while (!stopping) {
      try (Admin admin = Admin.create(settings.admin())) {
        while (!stopping) {
          look(admin);
          Thread.sleep(PERIOD);
        }
      } catch (InterruptedException e) {
        return;
      } catch (KafkaException e) {
        LOG.errorf("%s cannot be asked: %s", settings, e.toString());
        return;
      }
    }
  }

  private void look(Admin admin) throws InterruptedException {
    try {
      Set<String> there =
          admin
              .listTopics(new ListTopicsOptions().timeoutMs((int) PATIENCE.toMillis()))
              .names()
              .get();
      Set<String> gone = new TreeSet<>();
      wanted.stream().map(settings::topic).filter(it -> !there.contains(it)).forEach(gone::add);
      if (!gone.isEmpty() && !gone.equals(missing)) {
        LOG.errorf("%s has no topics %s: the command 'topics' makes them", settings, gone);
      }
      missing = gone;
      answered = time.instant();
      if (away) {
        LOG.infof("%s answers again", settings);
        away = false;
      }
    } catch (ExecutionException e) {
      if (!away && !stopping) {
        LOG.warnf(
            "%s does not answer; events wait in the outbox: %s",
            settings, String.valueOf(e.getCause()));
        away = true;
      }
    }
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }
}
