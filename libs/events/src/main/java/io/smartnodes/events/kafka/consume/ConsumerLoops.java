package io.smartnodes.events.kafka.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.Processing;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.kafka.KafkaSettings;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Starts a loop for every consumer of the process, after everything else has started. */
@Singleton
public class ConsumerLoops {
  private final Config config;
  private final Instance<EventConsumer> consumers;
  private final Instance<TopicsPublished> published;
  private final Processing processing;
  private final MeterRegistry registry;
  private final boolean used;
  private final List<ConsumerLoop> loops = new ArrayList<>();
  private Optional<BrokerWatch> watch = Optional.empty();
  private Optional<DeadLetters> dead = Optional.empty();

  /** Called by the container. */
  @Inject
  public ConsumerLoops(
      Config config,
      @ConfigProperty(name = "smartnodes.events.transport") String transport,
      @Any Instance<EventConsumer> consumers,
      @Any Instance<TopicsPublished> published,
      Processing processing,
      MeterRegistry registry) {
    this.config = config;
    this.consumers = consumers;
    this.published = published;
    this.processing = processing;
    this.registry = registry;
    this.used = "kafka".equals(transport);
  }

  synchronized void start(@Observes @Priority(10_000) StartupEvent event) {
    if (!used) {
      return;
    }
    KafkaSettings settings = KafkaSettings.of(config);
    InstantSource time = InstantSource.system();
    LoopMeters meters = new LoopMeters(registry, time);
    DeadLetters letters = new DeadLetters(settings);
    dead = Optional.of(letters);
    PartitionWork work = new PartitionWork(settings, processing, letters, meters, time);
    Set<String> topics = new TreeSet<>();
    published.forEach(declared -> topics.addAll(declared.topics()));
    for (EventConsumer consumer : consumers) {
      topics.addAll(consumer.topics());
      loops.add(new ConsumerLoop(consumer, settings, work, meters, time));
    }
    BrokerWatch watching = new BrokerWatch(settings, topics, time);
    watch = Optional.of(watching);
    watching.start();
    loops.forEach(ConsumerLoop::start);
  }

  /** Watches the broker; empty without Kafka. */
  synchronized Optional<BrokerWatch> watch() {
    return watch;
  }

  synchronized List<ConsumerLoop> loops() {
    return List.copyOf(loops);
  }

  synchronized void stop(@Observes ShutdownEvent event) {
    loops.parallelStream().forEach(ConsumerLoop::close);
    dead.ifPresent(DeadLetters::close);
    watch.ifPresent(BrokerWatch::close);
  }
}
