package io.smartnodes.events;

import com.google.protobuf.Message;
import io.smallrye.mutiny.Uni;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Publishes events in the transaction of the state that they tell of. */
@Singleton
public class Outbox {
  private final Map<String, Set<String>> topicsByUnit;
  private final Dispatchers dispatchers;
  private final InstantSource time = InstantSource.system();

  /** Called by the container. */
  @Inject
  public Outbox(@Any Instance<TopicsPublished> published, Dispatchers dispatchers) {
    this.topicsByUnit =
        published.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    TopicsPublished::unit,
                    TopicsPublished::topics,
                    (one, other) ->
                        Stream.concat(one.stream(), other.stream())
                            .collect(Collectors.toUnmodifiableSet())));
    this.dispatchers = dispatchers;
  }

  /**
   * Writes the event within the current {@code Tx.run}; it leaves after the commit and never if the
   * transaction rolls back. Events with one key keep the order in which they were written.
   *
   * @param topic one that the unit's {@link TopicsPublished} names
   * @param key what the order is kept for
   */
  public Uni<Void> publish(String topic, String key, Message message) {
    return Uni.createFrom()
        .deferred(() -> {
          String unit = Tx.current().unit();
          if (!topicsByUnit.getOrDefault(unit, Set.of()).contains(topic)) {
            throw new IllegalStateException(unit + " does not say that it publishes " + topic);
          }
          return OutboxRows.insert(
                  TimeOrderedIds.next(time.instant()),
                  topic,
                  key,
                  message.getDescriptorForType().getFullName(),
                  message.toByteArray())
              .chain(() -> dispatchers.wakeAfterCommit(unit));
        });
  }
}
