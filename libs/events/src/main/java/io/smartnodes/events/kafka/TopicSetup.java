package io.smartnodes.events.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics of a validator, or sees that they are as they must be; can be repeated. */
public final class TopicSetup {
  private static final int COPIES = 3;
  private static final Duration SETTLES = Duration.ofSeconds(10);

  private final KafkaSettings settings;

  /** For the broker of the settings. */
  public TopicSetup(KafkaSettings settings) {
    this.settings = settings;
  }

  /** What came of one topic. */
  public sealed interface Outcome {
    /** Its name on the broker. */
    String topic();

    /** It was not there. */
    record Created(String topic, int partitions, int copies) implements Outcome {}

    /** It was there; its settings are as they must be now. */
    record Kept(String topic, int partitions) implements Outcome {}

    /** It has another number of partitions, which would break the order of its keys. */
    record Refused(String topic, int partitions, int expected) implements Outcome {}
  }

  /**
   * Does it.
   *
   * @throws KafkaException if the broker does not answer or refuses
   */
  public List<Outcome> apply() {
    try (Admin admin = Admin.create(settings.admin())) {
      int copies = Math.min(COPIES, admin.describeCluster().nodes().get().size());
      List<String> there = List.copyOf(admin.listTopics().names().get());
      List<Outcome> outcomes = new ArrayList<>();
      for (Topic topic : Topic.ALL) {
        outcomes.add(
            there.contains(settings.topic(topic.name()))
                ? verify(admin, topic)
                : create(admin, topic, copies));
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    } catch (ExecutionException e) {
      throw new KafkaException(
          e.getCause() instanceof TimeoutException
              ? settings + " does not answer"
              : settings + ": " + e.getCause(),
          e.getCause());
    }
  }

  private Outcome create(Admin admin, Topic topic, int copies)
      throws InterruptedException, ExecutionException {
    String name = settings.topic(topic.name());
    Map<String, String> configs = configs(topic);
    configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, copies == COPIES ? "2" : "1");
    NewTopic wanted = new NewTopic(name, topic.partitions(), (short) copies).configs(configs);
    try {
      admin.createTopics(List.of(wanted)).all().get();
      return new Outcome.Created(name, topic.partitions(), copies);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return verify(admin, topic);
      }
      throw e;
    }
  }

  private Outcome verify(Admin admin, Topic topic) throws InterruptedException, ExecutionException {
    Instant end = Instant.now().plus(SETTLES);
    while (true) {
      try {
        return verifyNow(admin, topic);
      } catch (ExecutionException e) {
        // What the controller has just made is not known to every broker yet.
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || Instant.now().isAfter(end)) {
          throw e;
        }
      }
    }
  }

  private Outcome verifyNow(Admin admin, Topic topic)
      throws InterruptedException, ExecutionException {
    String name = settings.topic(topic.name());
    TopicDescription found = admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    int partitions = found == null ? 0 : found.partitions().size();
    if (partitions != topic.partitions()) {
      return new Outcome.Refused(name, partitions, topic.partitions());
    }
    List<AlterConfigOp> changes =
        configs(topic).entrySet().stream()
            .map(entry ->
                new AlterConfigOp(
                    new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
            .collect(Collectors.toList());
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, name), changes))
        .all()
        .get();
    return new Outcome.Kept(name, partitions);
  }

  private static Map<String, String> configs(Topic topic) {
    Map<String, String> configs = new java.util.HashMap<>();
    configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(topic.retention().toMillis()));
    configs.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
    configs.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topic.LARGEST_RECORD + (64 << 10)));
    // An event that waited long in an outbox is kept as long as any other.
    configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    return configs;
  }
}
