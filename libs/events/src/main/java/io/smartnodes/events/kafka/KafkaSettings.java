package io.smartnodes.events.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * How a process reaches its broker.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param prefix of topics, groups and transactional ids; several validators can share a broker
 * @param security settings of the properties file, for instance SASL and TLS; never logged
 * @param attempts after how many failures an event goes to the dead letters
 */
public record KafkaSettings(
    String bootstrapServers, String prefix, Map<String, Object> security, int attempts) {
  /** Key of the broker's address. */
  public static final String BOOTSTRAP_SERVERS = "smartnodes.kafka.bootstrap-servers";

  private static final int FETCH = 2 * Topic.LARGEST_RECORD;
  private static final int REQUEST_MILLIS = 10_000;

  /** Copies the settings. */
  public KafkaSettings {
    security = Map.copyOf(security);
  }

  /** Without the security settings, which hold passwords. */
  @Override
  public String toString() {
    return "Kafka at " + bootstrapServers + (prefix.isEmpty() ? "" : ", prefix " + prefix);
  }

  /**
   * From the keys {@code smartnodes.kafka.*}.
   *
   * @throws IllegalStateException if the address is missing or the properties file cannot be read
   */
  public static KafkaSettings of(Config config) {
    String servers =
        config
            .getOptionalValue(BOOTSTRAP_SERVERS, String.class)
            .orElseThrow(() -> new IllegalStateException(BOOTSTRAP_SERVERS + " is not set"));
    return new KafkaSettings(
        servers,
        config.getOptionalValue("smartnodes.kafka.prefix", String.class).orElse(""),
        config
            .getOptionalValue("smartnodes.kafka.properties-file", String.class)
            .map(file -> read(Path.of(file)))
            .orElse(Map.of()),
        config.getOptionalValue("smartnodes.events.attempts", Integer.class).orElse(10));
  }

  private static Map<String, Object> read(Path file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("smartnodes.kafka.properties-file cannot be read: " + file, e);
    }
    Map<String, Object> all = new HashMap<>();
    properties.forEach((key, value) -> all.put((String) key, value));
    return all;
  }

  /** Name of a topic on the broker. */
  public String topic(String name) {
    return prefix + name;
  }

  /** Name of a topic in the code. */
  public String withoutPrefix(String topic) {
    return topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
  }

  /** Consumer group of a consumer, whose name is unique in its unit alone. */
  public String group(String unit, String consumer) {
    return prefix + consumer(unit, consumer);
  }

  /** Name of a consumer among all of the validator. */
  public static String consumer(String unit, String name) {
    return unit + "." + name;
  }

  /** For administrators' clients. */
  public Map<String, Object> admin() {
    Map<String, Object> all = common();
    all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 2 * REQUEST_MILLIS);
    return all;
  }

  /** For a producer; with a transactional id, all its records of a transaction arrive or none. */
  public Map<String, Object> producer(String transactionalId) {
    Map<String, Object> all = producer();
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + transactionalId);
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
    // Until the broker has closed the last transaction it refuses the next one, for milliseconds.
    all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    return all;
  }

  /** For a producer that waits for each record. */
  public Map<String, Object> producer() {
    Map<String, Object> all = common();
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.LARGEST_RECORD);
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * Topic.LARGEST_RECORD);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_MILLIS);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3 * REQUEST_MILLIS);
    return all;
  }

  /** For a consumer of a group that commits itself. */
  public Map<String, Object> consumer(String group) {
    Map<String, Object> all = common();
    all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH);
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.LARGEST_RECORD);
    all.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2 * REQUEST_MILLIS);
    return all;
  }

  private Map<String, Object> common() {
    Map<String, Object> all = new HashMap<>(security);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    all.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
    all.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 30_000);
    return all;
  }
}
