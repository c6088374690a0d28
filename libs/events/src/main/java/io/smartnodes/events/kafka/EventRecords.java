package io.smartnodes.events.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.smartnodes.events.Event;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * An event as a record: the key, the protobuf message as it is, and the headers {@code id}, {@code
 * type} and {@code createdAt} (ISO-8601, UTC).
 */
public final class EventRecords {
  /** A header. */
  public static final String ID = "id";

  /** A header. */
  public static final String TYPE = "type";

  /** A header. */
  public static final String CREATED_AT = "createdAt";

  /** On a replayed event: the one consumer that it is for. */
  public static final String ONLY_FOR = "onlyFor";

  /** On a replayed event: the id under which it failed. */
  public static final String REPLAY_OF = "replayOf";

  private static final int HEADERS_AND_FRAMING = 1_024;

  private EventRecords() {}

  /** The event as a record for the topic of that name on the broker. */
  public static ProducerRecord<String, byte[]> write(Event event, String topic) {
    return new ProducerRecord<>(
        topic,
        null,
        event.key(),
        event.payload().toByteArray(),
        List.of(
            header(ID, event.id().toString()),
            header(TYPE, event.type()),
            header(CREATED_AT, event.createdAt().toString())));
  }

  static boolean isTooLarge(Event event) {
    return event.payload().size() + (long) event.key().length() * 4 + HEADERS_AND_FRAMING
        > Topic.LARGEST_RECORD;
  }

  /** Empty if the record is no event of ours. */
  public static Optional<Event> read(ConsumerRecord<String, byte[]> record, String topic) {
    Optional<String> id = text(record.headers(), ID);
    Optional<String> type = text(record.headers(), TYPE);
    Optional<String> createdAt = text(record.headers(), CREATED_AT);
    if (id.isEmpty()
        || type.isEmpty()
        || createdAt.isEmpty()
        || record.key() == null
        || record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Event(
              UUID.fromString(id.get()),
              topic,
              record.key(),
              type.get(),
              payload(record),
              Instant.parse(createdAt.get())));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ByteString payload(ConsumerRecord<String, byte[]> record) {
    // Nobody else has the array.
    return UnsafeByteOperations.unsafeWrap(record.value());
  }

  static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A header as text. */
  public static Optional<String> text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
  }
}
