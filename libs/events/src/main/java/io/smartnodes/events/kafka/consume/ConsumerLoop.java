package io.smartnodes.events.kafka.consume;

import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Polls for one consumer and commits what it processed. A thread of the platform: polling waits in
 * a selector, and would take a carrier from the virtual ones. Where an event fails, its partition
 * alone pauses until it is tried again.
 */
final class ConsumerLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ConsumerLoop.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REOPEN = Duration.ofSeconds(2);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final EventConsumer consumer;
  private final String name;
  private final KafkaSettings settings;
  private final PartitionWork work;
  private final LoopMeters meters;
  private final InstantSource time;
  private final Map<TopicPartition, Progress> assigned = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean joined;
  private volatile boolean stopping;
  private volatile Runnable waker = () -> {};

  ConsumerLoop(
      EventConsumer consumer,
      KafkaSettings settings,
      PartitionWork work,
      LoopMeters meters,
      InstantSource time) {
    this.consumer = consumer;
    this.name = KafkaSettings.consumer(consumer.unit(), consumer.name());
    this.settings = settings;
    this.work = work;
    this.meters = meters;
    this.time = time;
    this.thread = Thread.ofPlatform().daemon().name("events-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** {@code unit.name}. */
  String name() {
    return name;
  }

  /** Whether the group has given it its part, which may be none. */
  boolean hasJoined() {
    return joined;
  }

  /** Whether its database does not let it go on. */
  boolean isTroubled() {
    return assigned.values().stream().anyMatch(Progress::isTroubled);
  }

  private void run() {
    int failures = 0;
    while (!stopping) {
      KafkaConsumer<String, byte[]> open = open();
      try {
        waker = open::wakeup;
        poll(open);
        failures = 0;
      } catch (RuntimeException e) {
        if (!stopping) {
          LOG.errorf("%s lost its broker and starts again: %s", name, e.toString());
          pause(++failures);
        }
      } finally {
        waker = () -> {};
        close(open);
        joined = false;
        forget(List.copyOf(assigned.keySet()));
      }
    }
  }

  private KafkaConsumer<String, byte[]> open() {
    return new KafkaConsumer<>(
        settings.consumer(settings.group(consumer.unit(), consumer.name())),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private void close(KafkaConsumer<String, byte[]> open) {
    try {
      open.close(CloseOptions.timeout(CLOSE));
    } catch (KafkaException e) {
      LOG.debugf(e, "%s did not leave its group", name);
    }
  }

  private void pause(int failures) {
    try {
      Thread.sleep(REOPEN.multipliedBy(Math.min(failures, 15)));
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  private void poll(Consumer<String, byte[]> open) {
    open.subscribe(consumer.topics().stream().map(settings::topic).toList(), new Assignment(open));
    try {
      while (!stopping) {
        round(open);
      }
    } catch (WakeupException e) {
      LOG.debugf("%s stops", name);
    }
    commit(open);
  }

  private void round(Consumer<String, byte[]> open) {
    resumeDue(open);
    ConsumerRecords<String, byte[]> records = open.poll(patience());
    boolean moved = together(records);
    if (!moved) {
      for (TopicPartition place : records.partitions()) {
        moved |= process(open, place, records.records(place));
      }
    }
    if (moved) {
      open.commitAsync();
    }
    measure(open);
  }

  private boolean together(ConsumerRecords<String, byte[]> records) {
    if (stopping || records.partitions().size() < 2 || !consumer.takesManyAtOnce()) {
      return false;
    }
    Map<Progress, List<ConsumerRecord<String, byte[]>>> parts = new LinkedHashMap<>();
    for (TopicPartition place : records.partitions()) {
      Progress progress = assigned.get(place);
      if (progress == null) {
        return false;
      }
      parts.put(progress, records.records(place));
    }
    return work.together(consumer, parts);
  }

  private Duration patience() {
    Instant now = time.instant();
    return assigned.values().stream()
        .filter(Progress::isBlocked)
        .map(progress -> Duration.between(now, progress.retryAt()))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .reduce(POLL, (one, other) -> one.compareTo(other) < 0 ? one : other);
  }

  private void resumeDue(Consumer<String, byte[]> open) {
    Instant now = time.instant();
    for (TopicPartition place : open.paused()) {
      Progress progress = assigned.get(place);
      if (progress == null || !progress.retryAt().isAfter(now)) {
        open.resume(List.of(place));
      }
    }
  }

  /** Whether something is done that can be committed. */
  private boolean process(
      Consumer<String, byte[]> open,
      TopicPartition place,
      List<ConsumerRecord<String, byte[]>> records) {
    Progress progress = assigned.get(place);
    if (progress == null || stopping) {
      // Not ours any more; or we stop: what is not processed must not be committed.
      open.seek(place, records.getFirst().offset());
      return false;
    }
    int done = work.process(consumer, records, progress);
    if (done < records.size()) {
      open.seek(place, records.get(done).offset());
      if (progress.isBlocked()) {
        open.pause(List.of(place));
      }
    }
    return done > 0;
  }

  private void measure(Consumer<String, byte[]> open) {
    assigned.forEach((place, progress) -> {
      OptionalLong lag = open.currentLag(place);
      lag.ifPresent(progress::lag);
    });
  }

  private void commit(Consumer<String, byte[]> open) {
    try {
      open.commitSync(STOP);
    } catch (KafkaException e) {
      // Not more than work twice: the marks of what is processed are in the database.
      LOG.debugf(e, "%s did not commit", name);
    }
  }

  private void forget(Collection<TopicPartition> places) {
    for (TopicPartition place : places) {
      Progress progress = assigned.remove(place);
      if (progress != null) {
        meters.remove(progress);
      }
    }
  }

  private final class Assignment implements ConsumerRebalanceListener {
    private final Consumer<String, byte[]> open;

    Assignment(Consumer<String, byte[]> open) {
      this.open = open;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> places) {
      for (TopicPartition place : places) {
        Progress progress = new Progress(time.instant());
        assigned.put(place, progress);
        meters.register(name, settings.withoutPrefix(place.topic()), place, progress);
      }
      joined = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> places) {
      commit(open);
      forget(places);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> places) {
      forget(places);
    }
  }

  /** Stops after the events under way. */
  @Override
  public void close() {
    stopping = true;
    waker.run();
    try {
      if (thread.isAlive() && !thread.join(STOP.plus(STOP))) {
        LOG.warnf("%s still processes events: they come again after the start", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
