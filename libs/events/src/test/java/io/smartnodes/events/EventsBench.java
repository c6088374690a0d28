package io.smartnodes.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smartnodes.embedded.EmbeddedKafka;
import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.KafkaTransport;
import io.smartnodes.events.kafka.TopicSetup;
import io.smartnodes.events.kafka.consume.OneLoop;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/**
 * Events per second through outbox, Kafka and consumer, against what the same machine inserts and
 * produces in the same run; {@code ./smartnodes bench events}. No test: surefire does not find it
 * by its name.
 */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
class EventsBench {
  private static final int EVENTS = Integer.getInteger("smartnodes.bench.events", 20_000);
  private static final int PER_TRANSACTION = 10;
  private static final int WRITERS = 4;
  private static final int KEYS = 64;
  private static final byte[] PAYLOAD =
      BytesValue.of(ByteString.copyFrom(new byte[512])).toByteArray();
  private static final String TYPE = BytesValue.getDescriptor().getFullName();
  private static final String TOPIC = "job.v1";

  private static double writtenWithinPath;

  @Inject Tx tx;
  @Inject Processing processing;
  @Inject MeterRegistry registry;
  @Inject Leases leases;

  /** Counts what was committed together with its mark. */
  private static final class Counter implements EventConsumer {
    private final CountDownLatch left;

    Counter(int events) {
      left = new CountDownLatch(events);
    }

    @Override
    public String name() {
      return "bench";
    }

    @Override
    public String unit() {
      return "a";
    }

    @Override
    public Set<String> topics() {
      return Set.of(TOPIC);
    }

    @Override
    public boolean hears(String type) {
      return type.equals(TYPE);
    }

    @Override
    public Uni<Void> on(Event event) {
      Tx.afterCommit(left::countDown);
      return Uni.createFrom().voidItem();
    }
  }

  private record Nothing() implements LeaseListener {
    @Override
    public void gained(Tenure tenure) {}

    @Override
    public void lost(Tenure tenure) {}
  }

  @Test
  void eventsPerSecond() throws Exception {
    try (EmbeddedKafka broker =
        EmbeddedKafka.start(
            Files.createTempDirectory(Path.of("target"), "kafka"),
            EmbeddedKafka.Settings.loopback(0))) {
      System.setProperty(KafkaSettings.BOOTSTRAP_SERVERS, broker.bootstrapServers());
      KafkaSettings settings = KafkaSettings.of(ConfigProvider.getConfig());
      new TopicSetup(settings).apply();
      Lease lease = leases.keep("b", "outbox", new Nothing());
      while (lease.tenure().isEmpty()) {
        Thread.onSpinWait();
      }
      path(settings, lease, EVENTS / 4);
      double inserts = insertOnly();
      double produced = produceOnly(settings);
      double path = path(settings, lease, EVENTS);
      report(inserts, produced, path);
    }
  }

  private double insertOnly() throws InterruptedException {
    long start = System.nanoTime();
    write(EVENTS);
    double rate = rate(EVENTS, start);
    tx.runAndAwait(
        "b",
        session -> session.createNativeQuery("delete from {h-schema}outbox_event").executeUpdate());
    return rate;
  }

  private static double produceOnly(KafkaSettings settings) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            settings.producer(), new StringSerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(settings.topic(TOPIC));
      long start = System.nanoTime();
      for (int i = 0; i < EVENTS; i++) {
        var _ =
            producer.send(
                new ProducerRecord<>(settings.topic("attestation.v1"), "key-" + i % KEYS, PAYLOAD));
      }
      producer.flush();
      return rate(EVENTS, start);
    }
  }

  private double path(KafkaSettings settings, Lease lease, int events) throws InterruptedException {
    Counter counter = new Counter(events);
    KafkaTransport transport = new KafkaTransport(ConfigProvider.getConfig());
    UnitDispatcher dispatcher =
        new UnitDispatcher("b", tx, lease::tenure, transport, InstantSource.system());
    try (OneLoop loop = new OneLoop(counter, settings, processing, registry)) {
      while (!loop.hasJoined()) {
        Thread.onSpinWait();
      }
      dispatcher.start();
      long start = System.nanoTime();
      write(events, dispatcher::wake);
      writtenWithinPath = rate(events, start);
      assertThat(counter.left.await(10, TimeUnit.MINUTES)).isTrue();
      return rate(events, start);
    } finally {
      dispatcher.close();
    }
  }

  private void write(int events) throws InterruptedException {
    write(events, () -> {});
  }

  private void write(int events, Runnable afterCommit) throws InterruptedException {
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      writers.add(
          Thread.ofVirtual()
              .start(() -> {
                int transactions = events / WRITERS / PER_TRANSACTION;
                for (int i = 0; i < transactions; i++) {
                  String key = "key-" + (number + i * WRITERS) % KEYS;
                  tx.runAndAwait("b", session -> insert(key, PER_TRANSACTION));
                  afterCommit.run();
                }
              }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private static Uni<Void> insert(String key, int events) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (int i = 0; i < events; i++) {
      all = all.chain(() -> OutboxRows.insert(UUID.randomUUID(), TOPIC, key, TYPE, PAYLOAD));
    }
    return all;
  }

  private static double rate(int events, long start) {
    return events / ((System.nanoTime() - start) / 1e9);
  }

  private static void report(double inserts, double produced, double path) throws Exception {
    double ratio = path / Math.min(inserts, produced);
    String json =
        String.format(
            Locale.ROOT,
            """
            {
              "benchmark": "events",
              "events": %d,
              "payloadBytes": %d,
              "eventsPerTransaction": %d,
              "writers": %d,
              "processors": %d,
              "insertOnlyPerSecond": %.0f,
              "produceOnlyPerSecond": %.0f,
              "pathWrittenPerSecond": %.0f,
              "pathPerSecond": %.0f,
              "ratioToTheLower": %.3f,
              "goal": 0.5
            }
            """,
            EVENTS,
            PAYLOAD.length,
            PER_TRANSACTION,
            WRITERS,
            Runtime.getRuntime().availableProcessors(),
            inserts,
            produced,
            writtenWithinPath,
            path,
            ratio);
    String file = System.getProperty("smartnodes.bench.output", "");
    if (file.isEmpty()) {
      System.out.println(json);
    } else {
      Files.writeString(Path.of(file), json);
    }
  }
}
