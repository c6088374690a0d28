package io.smartnodes.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smartnodes.embedded.EmbeddedKafka;
import io.smartnodes.events.kafka.DeadLetter;
import io.smartnodes.events.kafka.DeadLetterLog;
import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.KafkaTransport;
import io.smartnodes.events.kafka.TopicSetup;
import io.smartnodes.events.kafka.consume.OneLoop;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.rows.a.RowA;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The transport over a real broker: outbox of unit b, consumers in unit a. */
@QuarkusTest
@QuarkusTestResource(TestNode.class)
class KafkaTest {
  private static final String TOPIC = "job.v1";
  private static EmbeddedKafka broker;
  private static KafkaSettings settings;
  private static KafkaTransport transport;

  @Inject Tx tx;
  @Inject Processing processing;
  @Inject Leases leases;
  @Inject MeterRegistry registry;

  @BeforeAll
  static void startBroker() throws Exception {
    broker =
        EmbeddedKafka.start(
            Files.createTempDirectory(Path.of("target"), "kafka"),
            EmbeddedKafka.Settings.loopback(0));
    Config config = config("");
    settings = KafkaSettings.of(config);
    transport = new KafkaTransport(config);
    new TopicSetup(settings).apply();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static Config config(String prefix) {
    return new SmallRyeConfigBuilder()
        .withSources(
            new PropertiesConfigSource(
                Map.of(
                    KafkaSettings.BOOTSTRAP_SERVERS,
                    broker.bootstrapServers(),
                    "smartnodes.kafka.prefix",
                    prefix,
                    "smartnodes.events.attempts",
                    "3"),
                "test",
                100))
        .build();
  }

  /** Stores what it hears, and fails where a test wants it. */
  private final class Listener implements EventConsumer {
    final String name;
    final String prefix;
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final Set<String> poison = ConcurrentHashMap.newKeySet();
    final Set<String> cutsTheConnection = ConcurrentHashMap.newKeySet();

    Listener(String name) {
      this(name, name);
    }

    Listener(String name, String prefix) {
      this.name = name;
      this.prefix = prefix;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String unit() {
      return "a";
    }

    @Override
    public Set<String> topics() {
      return Set.of(TOPIC, "reputation.v1");
    }

    @Override
    public boolean hears(String type) {
      return type.endsWith("StringValue");
    }

    @Override
    public Uni<Void> on(Event event) {
      String text = event.parse(StringValue.parser()).getValue();
      if (!text.startsWith(prefix + '-')) {
        return Uni.createFrom().voidItem();
      }
      if (poison.contains(text)) {
        throw new IllegalStateException("cannot digest " + text);
      }
      Tx.afterCommit(() -> heard.add(text));
      Uni<Void> stored = Tx.current().session().persist(new RowA(name + ' ' + text, 1));
      return cutsTheConnection.contains(text)
          ? stored
              .chain(() ->
                  Tx.current()
                      .session()
                      .createNativeQuery(
                          "select cast(pg_terminate_backend(pg_backend_pid()) as text)",
                          String.class)
                      .getResultList())
              .replaceWithVoid()
          : stored;
    }

    OneLoop start() {
      return new OneLoop(this, settings, processing, registry);
    }

    List<String> take(int count) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) {
        String next = heard.poll(300, TimeUnit.SECONDS);
        assertThat(next).as("after %s", taken).isNotNull();
        taken.add(String.valueOf(next));
      }
      return taken;
    }
  }

  @Test
  void keysKeepTheirOrderThoughTheBrokerIsKilled() throws Exception {
    Listener listener = new Listener("order");
    UnitDispatcher dispatcher = dispatcher();
    dispatcher.start();
    try (OneLoop loop = listener.start()) {
      publish(TOPIC, 0, 40, listener);
      listener.take(40);
      broker.killHard();
      publish(TOPIC, 40, 200, listener);
      broker.restart();
      publish(TOPIC, 200, 240, listener);
      List<String> rest = listener.take(200);
      for (int key = 0; key < 4; key++) {
        int wanted = key;
        assertThat(rest.stream().filter(text -> number(text) % 4 == wanted))
            .containsExactlyElementsOf(
                IntStream.range(40, 240)
                    .filter(i -> i % 4 == wanted)
                    .mapToObj(i -> "order-" + i)
                    .toList());
      }
      assertThat(loop.hasJoined()).isTrue();
    } finally {
      dispatcher.close();
    }
  }

  @Test
  void anEventThatIsDeliveredTwiceIsProcessedOnce() throws Exception {
    Listener listener = new Listener("twice");
    Event event = event("twice-0");
    Event last = event("twice-1");
    try (OneLoop _ = listener.start()) {
      deliver(event);
      deliver(event);
      deliver(event, last);
      assertThat(listener.take(2)).containsExactly("twice-0", "twice-1");
    }
    // Another instance of the group, before anything was committed for it.
    try (OneLoop _ = listener.start()) {
      deliver(event, event("twice-2"));
      assertThat(listener.take(1)).containsExactly("twice-2");
    }
  }

  @Test
  void poisonGoesToTheDeadLettersWithItsReasonAndIsReplayedToItsConsumerAlone() throws Exception {
    Listener sick = new Listener("p");
    Listener sound = new Listener("sound", "p");
    sick.poison.add("p-bad");
    DeadLetterLog log = new DeadLetterLog(settings);
    try (OneLoop _ = sick.start();
        OneLoop _ = sound.start()) {
      deliver(event("p-0"), event("p-bad"), event("p-1"));
      assertThat(sick.take(2)).containsExactly("p-0", "p-1");
      assertThat(sound.take(3)).containsExactly("p-0", "p-bad", "p-1");
      DeadLetterLog.Entry entry =
          log.entries().stream()
              .filter(one -> one.letter().consumer().equals("a.p"))
              .findFirst()
              .orElseThrow();
      DeadLetter letter = entry.letter();
      assertThat(entry.replayed()).isFalse();
      assertThat(letter.error()).contains("cannot digest p-bad");
      assertThat(letter.attempts()).isEqualTo(3);
      assertThat(letter.topic()).isEqualTo(TOPIC);

      sick.poison.clear();
      log.replay(List.of(letter));
      assertThat(sick.take(1)).containsExactly("p-bad");
      deliver(event("p-2"));
      assertThat(sound.take(1)).containsExactly("p-2");
      assertThat(log.entries().stream().filter(one -> one.letter().equals(letter)))
          .allMatch(DeadLetterLog.Entry::replayed);
    }
  }

  @Test
  void aDatabaseThatGoesAwayIsNoPoisonAndAnEventOfTheOneOrderIsNeverLeftOut() throws Exception {
    Listener listener = new Listener("away");
    listener.cutsTheConnection.add("away-0");
    listener.poison.add("away-state");
    try (OneLoop loop = listener.start()) {
      deliver(
          event("away-0"),
          event("away-1"),
          event("reputation.v1", "away-state"),
          event("reputation.v1", "away-after"));
      while (!loop.isTroubled()) {
        Thread.onSpinWait();
      }
      // Longer than the attempts that an event of another topic has.
      assertThat(listener.heard.poll(4, TimeUnit.SECONDS)).isNull();
      listener.cutsTheConnection.clear();
      listener.poison.clear();
      assertThat(listener.take(4))
          .containsSubsequence("away-0", "away-1")
          .containsSubsequence("away-state", "away-after");
      assertThat(new DeadLetterLog(settings).entries())
          .noneMatch(entry -> entry.letter().consumer().equals("a.away"));
    }
  }

  @Test
  void ofTwoDispatchersOfOneOutboxTheBrokerTakesTheLastOne() throws Exception {
    KafkaTransport first = new KafkaTransport(config(""));
    KafkaTransport second = new KafkaTransport(config(""));
    assertThat(first.deliver("fence", List.of(event("x-0")), () -> true))
        .isInstanceOf(EventTransport.Delivery.Done.class);
    assertThat(second.deliver("fence", List.of(event("x-1")), () -> true))
        .isInstanceOf(EventTransport.Delivery.Done.class);
    assertThat(first.deliver("fence", List.of(event("x-2")), () -> true))
        .isInstanceOf(EventTransport.Delivery.Unavailable.class);
  }

  @Test
  void topicsAreMadeOnceAndAnotherNumberOfPartitionsIsRefused() throws Exception {
    KafkaSettings other = KafkaSettings.of(config("other."));
    try (Admin admin = Admin.create(other.admin())) {
      admin.createTopics(List.of(new NewTopic("other.job.v1", 3, (short) 1))).all().get();
    }
    List<TopicSetup.Outcome> outcomes = new TopicSetup(other).apply();
    assertThat(outcomes)
        .contains(
            new TopicSetup.Outcome.Refused("other.job.v1", 3, 16),
            new TopicSetup.Outcome.Created("other.peer.v1", 16, 1));
    assertThat(new TopicSetup(other).apply())
        .contains(new TopicSetup.Outcome.Kept("other.peer.v1", 16));
  }

  @Test
  void aBrokerWithoutAnAddressStopsTheStart() {
    assertThatThrownBy(
            () -> new KafkaTransport(new SmallRyeConfigBuilder().build()).check(Set.of(TOPIC)))
        .hasMessage("smartnodes.kafka.bootstrap-servers is not set");
  }

  private UnitDispatcher dispatcher() {
    Lease lease =
        leases.keep(
            "b",
            "outbox",
            new LeaseListener() {
              @Override
              public void gained(Tenure tenure) {}

              @Override
              public void lost(Tenure tenure) {}
            });
    return new UnitDispatcher("b", tx, lease::tenure, transport, InstantSource.system());
  }

  private static int number(String text) {
    return Integer.parseInt(text.substring(text.indexOf('-') + 1));
  }

  private void publish(String topic, int from, int to, Listener listener) {
    for (int i = from; i < to; i++) {
      int number = i;
      tx.runAndAwait(
          "b",
          session ->
              OutboxRows.insert(
                  UUID.randomUUID(),
                  topic,
                  "key-" + number % 4,
                  StringValue.getDescriptor().getFullName(),
                  StringValue.of(listener.name + "-" + number).toByteArray()));
    }
  }

  private void deliver(Event... events) {
    while (!(transport.deliver("hand", List.of(events), () -> true)
        instanceof EventTransport.Delivery.Done)) {
      // The broker of another test is just coming back.
      Thread.onSpinWait();
    }
  }

  private static Event event(String text) {
    return event(TOPIC, text);
  }

  private static Event event(String topic, String text) {
    return new Event(
        UUID.randomUUID(),
        topic,
        "one",
        StringValue.getDescriptor().getFullName(),
        StringValue.of(text).toByteString(),
        Instant.now());
  }
}
