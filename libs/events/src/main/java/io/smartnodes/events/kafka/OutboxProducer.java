package io.smartnodes.events.kafka;

import io.smartnodes.events.Event;
import io.smartnodes.events.EventTransport.Delivery;
import io.smartnodes.events.EventTransport.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes the outbox of one unit. Each delivery is a transaction of the broker: readers see all of
 * its events or none, so that a failure in the middle leaves no key with a gap. The transactional
 * id is the unit's: a second producer fences the first one off.
 */
final class OutboxProducer implements AutoCloseable {
  private final KafkaSettings settings;
  private final String unit;
  private Optional<Producer<String, byte[]>> open = Optional.empty();

  OutboxProducer(KafkaSettings settings, String unit) {
    this.settings = settings;
    this.unit = unit;
  }

  synchronized Delivery deliver(List<Event> events, BooleanSupplier goOn) {
    try {
      Producer<String, byte[]> producer = producer();
      producer.beginTransaction();
      Set<UUID> sent = new HashSet<>();
      List<Failure> failed = new ArrayList<>();
      Set<String> blocked = new HashSet<>();
      for (Event event : events) {
        if (!goOn.getAsBoolean()) {
          break;
        }
        String place = event.topic() + ' ' + event.key();
        if (blocked.contains(place)) {
          continue;
        }
        if (EventRecords.isTooLarge(event)) {
          blocked.add(place);
          failed.add(new Failure(event, tooLarge(event)));
          continue;
        }
        // A failed record fails the commit, and with it all the others.
        var _ = producer.send(EventRecords.write(event, settings.topic(event.topic())));
        sent.add(event.id());
      }
      producer.commitTransaction();
      return new Delivery.Done(sent, failed);
    } catch (KafkaException e) {
      // Whether it was committed is unknown now: the next producer ends it, one way or the other.
      close();
      return new Delivery.Unavailable(e);
    }
  }

  private static RuntimeException tooLarge(Event event) {
    return new IllegalStateException(
        "it has %d bytes, more than a record may".formatted(event.payload().size()));
  }

  private Producer<String, byte[]> producer() {
    if (open.isEmpty()) {
      Producer<String, byte[]> fresh =
          new KafkaProducer<>(
              settings.producer("outbox-" + unit),
              new StringSerializer(),
              new ByteArraySerializer());
      open = Optional.of(fresh);
      fresh.initTransactions();
    }
    return open.get();
  }

  @Override
  public synchronized void close() {
    open.ifPresent(producer -> producer.close(Duration.ZERO));
    open = Optional.empty();
  }
}
