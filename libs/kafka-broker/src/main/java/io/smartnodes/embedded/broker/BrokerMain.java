package io.smartnodes.embedded.broker;

import io.smartnodes.embedded.ParentWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * Formats the storage the first time, then runs broker and controller until it is stopped or its
 * parent dies. Arguments: the broker's properties file and its data directory.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /** Runs until it is stopped. */
  public static void main(String[] arguments) {
    ParentWatch.exitWhenParentDies();
    String properties = arguments[0];
    Path data = Path.of(arguments[1]);
    if (!Files.exists(data.resolve("meta.properties"))) {
      int failed =
          StorageTool.execute(
              new String[] {"format", "-c", properties, "-t", Uuid.randomUuid().toString()},
              System.out);
      if (failed != 0) {
        System.exit(failed);
      }
    }
    Kafka.main(new String[] {properties});
  }
}
