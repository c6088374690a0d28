package io.smartnodes.events.kafka.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What is measured of consumers: {@code smartnodes.events.lag} (events that wait), {@code
 * smartnodes.events.age} (seconds by which it is behind), {@code smartnodes.events.blocked} (1
 * while an event is tried again), each per consumer, topic and partition; {@code
 * smartnodes.events.dead} counts dead letters.
 */
final class LoopMeters {
  private final MeterRegistry registry;
  private final InstantSource time;

  LoopMeters(MeterRegistry registry, InstantSource time) {
    this.registry = registry;
    this.time = time;
  }

  void register(String consumer, String topic, TopicPartition place, Progress progress) {
    Tags tags =
        Tags.of(
            "consumer", consumer, "topic", topic, "partition", Integer.toString(place.partition()));
    progress.meters(
        List.of(
            Gauge.builder("smartnodes.events.lag", progress, Progress::lag)
                .tags(tags)
                .register(registry),
            Gauge.builder("smartnodes.events.age", progress, one -> one.ageSeconds(time.instant()))
                .baseUnit("seconds")
                .tags(tags)
                .register(registry),
            Gauge.builder("smartnodes.events.blocked", progress, one -> one.isBlocked() ? 1 : 0)
                .tags(tags)
                .register(registry)));
  }

  void remove(Progress progress) {
    for (Meter meter : progress.meters()) {
      registry.remove(meter);
    }
  }

  void dead(String consumer, String topic) {
    Counter.builder("smartnodes.events.dead")
        .tags("consumer", consumer, "topic", topic)
        .register(registry)
        .increment();
  }
}
