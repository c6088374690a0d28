package io.smartnodes.events.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * A record that a consumer could not process.
 *
 * @param id of the event; empty if the record was no event
 * @param type full name of the message, or empty
 * @param createdAt when the event was written, ISO-8601, or empty
 * @param key of the record
 * @param payload of the record
 * @param consumer {@code unit.name} of who failed
 * @param reason {@code failed} or {@code not-an-event}
 * @param error class and message of the last failure
 * @param topic where it came from, without the prefix
 * @param partition its partition
 * @param offset its offset
 * @param attempts how often it was tried
 * @param at when it was given up
 */
public record DeadLetter(
    String id,
    String type,
    String createdAt,
    String key,
    ByteString payload,
    String consumer,
    String reason,
    String error,
    String topic,
    int partition,
    long offset,
    int attempts,
    Instant at) {
  /** The consumer failed too often. */
  public static final String FAILED = "failed";

  /** Somebody else wrote into the topic. */
  public static final String NOT_AN_EVENT = "not-an-event";

  private static final int LONGEST_ERROR = 2_000;

  /** Of a record that its consumer gave up. */
  public static DeadLetter of(
      ConsumerRecord<String, byte[]> record,
      String topic,
      String consumer,
      String reason,
      String error,
      int attempts,
      Instant at) {
    return new DeadLetter(
        EventRecords.text(record.headers(), EventRecords.ID).orElse(""),
        EventRecords.text(record.headers(), EventRecords.TYPE).orElse(""),
        EventRecords.text(record.headers(), EventRecords.CREATED_AT).orElse(""),
        Optional.ofNullable(record.key()).orElse(""),
        payload(record.value()),
        consumer,
        reason,
        error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR),
        topic,
        record.partition(),
        record.offset(),
        attempts,
        at);
  }

  private static ByteString payload(byte[] value) {
    return value == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(value);
  }

  /** The letter as a record. */
  public ProducerRecord<String, byte[]> write(String topicOnBroker) {
    List<Header> headers = new ArrayList<>();
    headers.add(EventRecords.header(EventRecords.ID, id));
    headers.add(EventRecords.header(EventRecords.TYPE, type));
    headers.add(EventRecords.header(EventRecords.CREATED_AT, createdAt));
    headers.add(EventRecords.header("consumer", consumer));
    headers.add(EventRecords.header("reason", reason));
    headers.add(EventRecords.header("error", error));
    headers.add(EventRecords.header("topic", topic));
    headers.add(EventRecords.header("partition", Integer.toString(partition)));
    headers.add(EventRecords.header("offset", Long.toString(offset)));
    headers.add(EventRecords.header("attempts", Integer.toString(attempts)));
    headers.add(EventRecords.header("at", at.toString()));
    return new ProducerRecord<>(topicOnBroker, null, key, payload.toByteArray(), headers);
  }

  static DeadLetter read(ConsumerRecord<String, byte[]> record) {
    Headers headers = record.headers();
    return new DeadLetter(
        text(headers, EventRecords.ID),
        text(headers, EventRecords.TYPE),
        text(headers, EventRecords.CREATED_AT),
        Optional.ofNullable(record.key()).orElse(""),
        payload(record.value()),
        text(headers, "consumer"),
        text(headers, "reason"),
        text(headers, "error"),
        text(headers, "topic"),
        Integer.parseInt(text(headers, "partition")),
        Long.parseLong(text(headers, "offset")),
        Integer.parseInt(text(headers, "attempts")),
        Instant.parse(text(headers, "at")));
  }

  private static String text(Headers headers, String name) {
    return EventRecords.text(headers, name).orElse("");
  }

  /** Whether it can be given to its consumer again. */
  public boolean canBeReplayed() {
    return reason.equals(FAILED);
  }

  /** What names the letter in commands: place of the record and consumer, one letter each. */
  String place() {
    return String.join(
        "/", consumer, topic, Integer.toString(partition), Long.toString(offset), at.toString());
  }
}
