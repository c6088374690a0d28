package io.smartnodes.validator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smartnodes.embedded.EmbeddedKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void topicsAreMadeOnceAndDeadLettersListed(@TempDir Path directory) {
    try (EmbeddedKafka broker =
        EmbeddedKafka.start(directory, EmbeddedKafka.Settings.loopback(0))) {
      Config config =
          config(
              Map.of(
                  "smartnodes.kafka.bootstrap-servers",
                  broker.bootstrapServers(),
                  "smartnodes.kafka.prefix",
                  "v1."));
      assertThat(run(config, "topics")).isZero();
      assertThat(text(out)).contains("v1.job.v1: made, 16 partitions, 1 copies");
      assertThat(run(config, "topics", "dead-letters", "list")).isZero();
      assertThat(text(out)).contains("v1.job.v1: there, 16 partitions").contains("no dead letters");
      assertThat(run(config, "dead-letters", "replay", "--all")).isZero();
      assertThat(run(config, "dead-letters", "show", "nobody")).isEqualTo(1);
      assertThat(text(err))
          .isEqualTo("show: there is no dead letter of the event nobody" + System.lineSeparator());
    }
  }

  @Test
  void whatIsMissingIsSaidInOneLine() {
    assertThat(run(config(Map.of()), "topics")).isEqualTo(1);
    assertThat(text(err).lines())
        .containsExactly("topics: smartnodes.kafka.bootstrap-servers is not set");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(run(config(Map.of()), "dead-letters", "replay")).isEqualTo(2);
    assertThat(run(config(Map.of()), "nonsense")).isEqualTo(2);
  }

  private int run(Config config, String... arguments) {
    out.reset();
    err.reset();
    return Ops.run(
        config,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  private static Config config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }
}
