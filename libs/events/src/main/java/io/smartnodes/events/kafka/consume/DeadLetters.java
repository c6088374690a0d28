package io.smartnodes.events.kafka.consume;

import io.smartnodes.events.kafka.DeadLetter;
import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.Topic;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes dead letters and waits until the broker has them. */
final class DeadLetters implements AutoCloseable {
  private final KafkaSettings settings;
  private Optional<Producer<String, byte[]>> open = Optional.empty();

  DeadLetters(KafkaSettings settings) {
    this.settings = settings;
  }

  /**
   * Writes one.
   *
   * @throws KafkaException if it may not be there
   */
  synchronized void write(DeadLetter letter) {
    if (open.isEmpty()) {
      open =
          Optional.of(
              new KafkaProducer<>(
                  settings.producer(), new StringSerializer(), new ByteArraySerializer()));
    }
    try {
      open.get().send(letter.write(settings.topic(Topic.DEAD_LETTERS.name()))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException e) {
      throw new KafkaException("the dead letter was not written", e.getCause());
    }
  }

  @Override
  public synchronized void close() {
    open.ifPresent(producer -> producer.close(Duration.ZERO));
    open = Optional.empty();
  }
}
