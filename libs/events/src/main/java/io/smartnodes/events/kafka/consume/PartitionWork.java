package io.smartnodes.events.kafka.consume;

import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.Processing;
import io.smartnodes.events.kafka.DeadLetter;
import io.smartnodes.events.kafka.EventRecords;
import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Processes records of one partition in their order: many in one transaction, and one by one where
 * that fails. An event that fails too often becomes a dead letter, unless its topic is one order.
 */
final class PartitionWork {
  private static final Logger LOG = Logger.getLogger(PartitionWork.class);
  private static final int AT_ONCE = 1_000;
  private static final int BYTES_AT_ONCE = 4 << 20;
  private static final int LOUD_EVERY = 12;

  private final KafkaSettings settings;
  private final Processing processing;
  private final DeadLetters dead;
  private final LoopMeters meters;
  private final InstantSource time;

  PartitionWork(
      KafkaSettings settings,
      Processing processing,
      DeadLetters dead,
      LoopMeters meters,
      InstantSource time) {
    this.settings = settings;
    this.processing = processing;
    this.dead = dead;
    this.meters = meters;
    this.time = time;
  }

  /** Records that go into one transaction, and the events among them that the consumer hears. */
  private record Chunk(int records, List<Event> events, Instant last) {}

  /**
   * Processes records of several partitions in one transaction.
   *
   * @return false if that cannot be done or failed: then each partition has to go its own way
   */
  boolean together(
      EventConsumer consumer, Map<Progress, List<ConsumerRecord<String, byte[]>>> records) {
    Map<Progress, Instant> reached = new HashMap<>();
    List<Event> events = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<Progress, List<ConsumerRecord<String, byte[]>>> part : records.entrySet()) {
      String topic = settings.withoutPrefix(part.getValue().getFirst().topic());
      Chunk chunk = chunk(consumer, part.getValue(), topic, AT_ONCE);
      events.addAll(chunk.events());
      bytes += chunk.events().stream().mapToLong(event -> event.payload().size()).sum();
      if (part.getKey().isAloneNow()
          || chunk.records() < part.getValue().size()
          || bytes > BYTES_AT_ONCE) {
        return false;
      }
      reached.put(part.getKey(), chunk.last());
    }
    try {
      if (!events.isEmpty()) {
        processing.process(consumer, events);
      }
    } catch (RuntimeException e) {
      LOG.debugf(e, "%s takes its partitions one by one", name(consumer));
      return false;
    }
    reached.forEach(Progress::advanced);
    return true;
  }

  /** How many of the records are done; the progress says why not all. */
  int process(
      EventConsumer consumer, List<ConsumerRecord<String, byte[]>> records, Progress progress) {
    int done = 0;
    while (done < records.size()) {
      List<ConsumerRecord<String, byte[]>> rest = records.subList(done, records.size());
      boolean alone = progress.isAloneNow() || !consumer.takesManyAtOnce();
      int more = advance(consumer, rest, progress, alone);
      if (more == 0) {
        return done;
      }
      done += more;
    }
    return done;
  }

  private int advance(
      EventConsumer consumer,
      List<ConsumerRecord<String, byte[]>> rest,
      Progress progress,
      boolean alone) {
    ConsumerRecord<String, byte[]> first = rest.getFirst();
    String topic = settings.withoutPrefix(first.topic());
    if (EventRecords.read(first, topic).isEmpty()) {
      return bury(consumer, first, progress, DeadLetter.NOT_AN_EVENT, "headers are missing");
    }
    Chunk chunk = chunk(consumer, rest, topic, alone ? 1 : AT_ONCE);
    try {
      if (!chunk.events().isEmpty()) {
        processing.process(consumer, chunk.events());
      }
      progress.advanced(chunk.last());
      return chunk.records();
    } catch (RuntimeException e) {
      if (DatabaseTrouble.isCauseOf(e)) {
        troubled(consumer, progress, e);
        return 0;
      }
      if (chunk.records() > 1) {
        return oneByOne(consumer, rest.subList(0, chunk.records()), progress);
      }
      return failed(consumer, first, progress, e);
    }
  }

  private int oneByOne(
      EventConsumer consumer, List<ConsumerRecord<String, byte[]>> records, Progress progress) {
    for (int done = 0; done < records.size(); done++) {
      if (advance(consumer, records.subList(done, done + 1), progress, true) == 0) {
        return done;
      }
    }
    return records.size();
  }

  private Chunk chunk(
      EventConsumer consumer,
      List<ConsumerRecord<String, byte[]>> records,
      String topic,
      int atMost) {
    List<Event> events = new ArrayList<>();
    long bytes = 0;
    int taken = 0;
    Instant last = Instant.EPOCH;
    for (ConsumerRecord<String, byte[]> record : records) {
      Optional<Event> event = EventRecords.read(record, topic);
      if (event.isEmpty() || taken == atMost || (taken > 0 && bytes > BYTES_AT_ONCE)) {
        break;
      }
      last = event.get().createdAt();
      taken++;
      if (isFor(consumer, record) && consumer.hears(event.get().type())) {
        events.add(event.get());
        bytes += event.get().payload().size();
      }
    }
    return new Chunk(taken, events, last);
  }

  private static boolean isFor(EventConsumer consumer, ConsumerRecord<String, byte[]> record) {
    return EventRecords.text(record.headers(), EventRecords.ONLY_FOR)
        .map(only -> only.equals(name(consumer)))
        .orElse(true);
  }

  private static String name(EventConsumer consumer) {
    return KafkaSettings.consumer(consumer.unit(), consumer.name());
  }

  private void troubled(EventConsumer consumer, Progress progress, RuntimeException cause) {
    int times = progress.troubled(time.instant());
    if (times == 1 || times % LOUD_EVERY == 0) {
      LOG.warnf(
          "%s waits for its database (%d times now): %s", name(consumer), times, cause.toString());
    }
  }

  private int failed(
      EventConsumer consumer,
      ConsumerRecord<String, byte[]> record,
      Progress progress,
      RuntimeException cause) {
    int attempts = progress.failed(time.instant());
    boolean oneOrder =
        Topic.named(settings.withoutPrefix(record.topic())).map(Topic::isOneOrder).orElse(true);
    if (attempts >= settings.attempts() && !oneOrder) {
      return bury(consumer, record, progress, DeadLetter.FAILED, cause.toString());
    }
    String text = "%s failed %d times at %s (partition %d, offset %d)%s: %s";
    Object[] what = {
      name(consumer),
      attempts,
      record.topic(),
      record.partition(),
      record.offset(),
      oneOrder ? "; nothing behind it is processed, since it is part of one order" : "",
      cause.toString()
    };
    if (oneOrder || attempts == 1) {
      LOG.errorf(cause, text, what);
    } else {
      LOG.warnf(text, what);
    }
    return 0;
  }

  private int bury(
      EventConsumer consumer,
      ConsumerRecord<String, byte[]> record,
      Progress progress,
      String reason,
      String error) {
    String topic = settings.withoutPrefix(record.topic());
    int attempts = progress.attempts();
    DeadLetter letter =
        DeadLetter.of(record, topic, name(consumer), reason, error, attempts, time.instant());
    try {
      dead.write(letter);
      EventRecords.read(record, topic).ifPresent(event -> processing.skip(consumer, event));
    } catch (KafkaException e) {
      LOG.warnf("a dead letter of %s cannot be written yet: %s", name(consumer), e.toString());
      progress.troubled(time.instant());
      return 0;
    } catch (RuntimeException e) {
      troubled(consumer, progress, e);
      return 0;
    }
    LOG.errorf(
        "%s gave up event %s of %s (partition %d, offset %d) after %d attempts, it is in %s: %s",
        letter.consumer(),
        letter.id(),
        topic,
        letter.partition(),
        letter.offset(),
        attempts,
        Topic.DEAD_LETTERS.name(),
        letter.error());
    meters.dead(letter.consumer(), topic);
    progress.advanced(time.instant());
    return 1;
  }
}
