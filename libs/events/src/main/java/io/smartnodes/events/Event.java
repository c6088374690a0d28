package io.smartnodes.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.time.Instant;
import java.util.UUID;

/**
 * Something that happened.
 *
 * @param id unique over all services and time (UUID version 7)
 * @param topic for instance {@code job.v1}
 * @param key what the order is kept for, within the topic
 * @param type full name of the protobuf message
 * @param payload the message
 * @param createdAt when its transaction began
 */
public record Event(
    UUID id, String topic, String key, String type, ByteString payload, Instant createdAt) {

  /** Whether the payload is a message like this one, usually its default instance. */
  public boolean is(Message example) {
    return type.equals(example.getDescriptorForType().getFullName());
  }

  /**
   * The payload as a message.
   *
   * @throws IllegalArgumentException if it is not one: the event was written by other code
   */
  public <M extends Message> M parse(Parser<M> parser) {
    try {
      return parser.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("event " + id + " is no " + type, e);
    }
  }
}
