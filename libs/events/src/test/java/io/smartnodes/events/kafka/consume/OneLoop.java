package io.smartnodes.events.kafka.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.Processing;
import io.smartnodes.events.kafka.KafkaSettings;
import java.time.InstantSource;

/** The loop of one consumer, as the application starts them for all. */
public final class OneLoop implements AutoCloseable {
  private final DeadLetters dead;
  private final ConsumerLoop loop;

  /** Starts it. */
  public OneLoop(
      EventConsumer consumer,
      KafkaSettings settings,
      Processing processing,
      MeterRegistry registry) {
    InstantSource time = InstantSource.system();
    LoopMeters meters = new LoopMeters(registry, time);
    dead = new DeadLetters(settings);
    PartitionWork work = new PartitionWork(settings, processing, dead, meters, time);
    loop = new ConsumerLoop(consumer, settings, work, meters, time);
    loop.start();
  }

  /** Whether it is a member of its group. */
  public boolean hasJoined() {
    return loop.hasJoined();
  }

  /** Whether it waits for its database. */
  public boolean isTroubled() {
    return loop.isTroubled();
  }

  @Override
  public void close() {
    loop.close();
    dead.close();
  }
}
