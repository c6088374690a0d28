package io.smartnodes.validator.ops.check;

import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.Topic;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/** The broker, where events go through one: reachable, and its topics right if they are there. */
record KafkaCheck(Settings settings) {
  private static final String AREA = "kafka";

  void run() {
    if (!settings.find("smartnodes.events.transport").equals(Optional.of("kafka"))
        || settings.need(AREA, KafkaSettings.BOOTSTRAP_SERVERS).isEmpty()) {
      return;
    }
    KafkaSettings kafka;
    try {
      kafka = KafkaSettings.of(settings.config());
    } catch (IllegalStateException | UncheckedIOException e) {
      settings.problem(AREA, Settings.reason(e));
      return;
    }
    Map<String, Object> patient = new HashMap<>(kafka.admin());
    patient.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
    patient.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 8_000);
    try {
      Admin admin = Admin.create(patient);
      try {
        topics(admin, kafka);
      } finally {
        admin.close(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      settings.problem(AREA, "interrupted");
    } catch (ExecutionException e) {
      settings.problem(AREA, refused(kafka, Objects.requireNonNullElse(e.getCause(), e)));
    } catch (KafkaException e) {
      settings.problem(AREA, kafka + ": " + innermost(e));
    }
  }

  private void topics(Admin admin, KafkaSettings kafka)
      throws InterruptedException, ExecutionException {
    Set<String> there = admin.listTopics().names().get();
    List<Topic> ours =
        Topic.ALL.stream().filter(topic -> there.contains(kafka.topic(topic.name()))).toList();
    Map<String, TopicDescription> found =
        admin
            .describeTopics(ours.stream().map(topic -> kafka.topic(topic.name())).toList())
            .allTopicNames()
            .get();
    for (Topic topic : ours) {
      TopicDescription description = found.get(kafka.topic(topic.name()));
      int partitions = description == null ? 0 : description.partitions().size();
      if (partitions != topic.partitions()) {
        settings.problem(
            AREA,
            "topic %s has %d partitions instead of %d: delete it or choose another smartnodes.kafka.prefix"
                .formatted(kafka.topic(topic.name()), partitions, topic.partitions()));
      }
    }
  }

  private static String refused(KafkaSettings kafka, Throwable cause) {
    return switch (cause) {
      case TimeoutException _ -> kafka + " does not answer";
      case AuthenticationException e -> kafka + " refuses our credentials: " + Settings.reason(e);
      default -> kafka + ": " + Settings.reason(cause);
    };
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Settings.reason(cause);
  }
}
