package io.smartnodes.validator.ops;

import io.smartnodes.events.kafka.KafkaSettings;
import io.smartnodes.events.kafka.TopicSetup;
import io.smartnodes.events.kafka.TopicSetup.Outcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import picocli.CommandLine.Command;

/** Makes the topics of this validator on its broker; can be repeated. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description =
        "Makes the Kafka topics with their partitions and retention, or sees that they are right.")
final class TopicsCommand implements Callable<Integer> {
  private final Config config;
  private final PrintStream out;

  TopicsCommand(Config config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  @Override
  public Integer call() {
    List<String> refused = new ArrayList<>();
    for (Outcome outcome : new TopicSetup(KafkaSettings.of(config)).apply()) {
      switch (outcome) {
        case Outcome.Created(String topic, int partitions, int copies) ->
            out.printf("%s: made, %d partitions, %d copies%n", topic, partitions, copies);
        case Outcome.Kept(String topic, int partitions) ->
            out.printf("%s: there, %d partitions%n", topic, partitions);
        case Outcome.Refused(String topic, int partitions, int expected) ->
            refused.add(
                "topic %s has %d partitions instead of %d: delete it or choose another smartnodes.kafka.prefix, the order of its keys depends on them"
                    .formatted(topic, partitions, expected));
      }
    }
    if (!refused.isEmpty()) {
      throw new IllegalStateException(String.join("; ", refused));
    }
    return 0;
  }
}
