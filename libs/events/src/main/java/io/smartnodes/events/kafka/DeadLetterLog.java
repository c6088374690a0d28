package io.smartnodes.events.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The dead letters on the broker, for operators. */
public final class DeadLetterLog {
  private static final String REPLAYED = "replayed";
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaSettings settings;
  private final TopicPartition place;

  /** For the broker of the settings. */
  public DeadLetterLog(KafkaSettings settings) {
    this.settings = settings;
    this.place = new TopicPartition(settings.topic(Topic.DEAD_LETTERS.name()), 0);
  }

  /**
   * A letter, and whether it was given to its consumer again.
   *
   * @param letter what is in it
   * @param replayed whether {@link #replay} was called with it
   */
  public record Entry(DeadLetter letter, boolean replayed) {}

  /**
   * All letters that the broker keeps, the oldest first.
   *
   * @throws KafkaException if it does not answer
   */
  public List<Entry> entries() {
    Map<String, Entry> byPlace = new LinkedHashMap<>();
    for (ConsumerRecord<String, byte[]> record : records()) {
      var replayed = EventRecords.text(record.headers(), REPLAYED);
      if (replayed.isPresent()) {
        byPlace.computeIfPresent(
            replayed.get(), (letter, entry) -> new Entry(entry.letter(), true));
      } else {
        DeadLetter letter = DeadLetter.read(record);
        byPlace.put(letter.place(), new Entry(letter, false));
      }
    }
    return List.copyOf(byPlace.values());
  }

  private List<ConsumerRecord<String, byte[]>> records() {
    Map<String, Object> how = settings.consumer(settings.prefix() + "dead-letters");
    how.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(how, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(place));
      consumer.seekToBeginning(List.of(place));
      long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
      Instant patience = Instant.now().plus(PATIENCE);
      while (consumer.position(place) < end) {
        if (Instant.now().isAfter(patience)) {
          throw new KafkaException(settings + " does not give all dead letters");
        }
        consumer.poll(POLL).records(place).forEach(all::add);
      }
    }
    return all;
  }

  /**
   * Gives letters to the consumers that failed, each with a new id: others leave them out, and the
   * mark of the failed attempt does not matter. They come after everything that is in their topic
   * by now. All are sent, or none.
   *
   * @throws KafkaException if the broker does not take them
   * @throws IllegalArgumentException if one of them was never an event
   */
  public void replay(List<DeadLetter> letters) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            settings.producer("dead-letters-replay"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (DeadLetter letter : letters) {
        if (!letter.canBeReplayed()) {
          throw new IllegalArgumentException(letter.place() + " was never an event");
        }
        var _ = producer.send(again(letter));
        var _ = producer.send(note(letter));
      }
      producer.commitTransaction();
    }
  }

  private ProducerRecord<String, byte[]> again(DeadLetter letter) {
    List<Header> headers =
        List.of(
            EventRecords.header(EventRecords.ID, UUID.randomUUID().toString()),
            EventRecords.header(EventRecords.TYPE, letter.type()),
            EventRecords.header(EventRecords.CREATED_AT, letter.createdAt()),
            EventRecords.header(EventRecords.ONLY_FOR, letter.consumer()),
            EventRecords.header(EventRecords.REPLAY_OF, letter.id()));
    return new ProducerRecord<>(
        settings.topic(letter.topic()),
        null,
        letter.key(),
        letter.payload().toByteArray(),
        headers);
  }

  private ProducerRecord<String, byte[]> note(DeadLetter letter) {
    return new ProducerRecord<>(
        place.topic(),
        null,
        letter.key(),
        new byte[0],
        List.of(EventRecords.header(REPLAYED, letter.place())));
  }
}
