package io.smartnodes.cli.network.process;

import io.smartnodes.embedded.ChildProcess;
import io.smartnodes.embedded.EmbeddedKafka;
import io.smartnodes.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * PostgreSQL and a Kafka broker beside a split validator. They keep ports and data while they are
 * stopped and started again.
 */
public final class Backing implements AutoCloseable {
  // Two instances of each service, with full pools.
  private static final int CONNECTIONS = 160;
  private static final Duration TOPICS = Duration.ofMinutes(5);

  private final Path folder;
  private final Consumer<ChildProcess> adopt;
  private final EmbeddedKafka kafka;
  private EmbeddedPostgres postgres;

  private Backing(
      Path folder, Consumer<ChildProcess> adopt, EmbeddedKafka kafka, EmbeddedPostgres postgres) {
    this.folder = folder;
    this.adopt = adopt;
    this.kafka = kafka;
    this.postgres = postgres;
  }

  /**
   * Starts both and waits until they serve.
   *
   * @param folder keeps their data
   * @param host address of this machine at which they are reached
   * @param adopt is told of every process that was started
   */
  public static Backing start(Path folder, String host, Consumer<ChildProcess> adopt) {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(
            folder.resolve("postgres"), new EmbeddedPostgres.Settings(host, 0, CONNECTIONS));
    adopt.accept(postgres.process());
    EmbeddedKafka kafka =
        EmbeddedKafka.start(
            folder.resolve("kafka"), EmbeddedKafka.Settings.at(Surroundings.bindAddress(host), 0));
    adopt.accept(kafka.process());
    return new Backing(folder, adopt, kafka, postgres);
  }

  /**
   * Makes the topics, as an operator would: with the validator's own command.
   *
   * @throws IllegalStateException if that fails; the message is the command's last line
   */
  void makeTopics(Path validator) throws IOException, InterruptedException {
    Path log = folder.resolve("topics.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dsmartnodes.kafka.bootstrap-servers=" + bootstrapServers(),
                "-jar",
                validator.toString(),
                "topics")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(TOPICS.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      List<String> lines = Files.readAllLines(log);
      throw new IllegalStateException(
          "topics could not be made: " + (lines.isEmpty() ? "no word" : lines.getLast()));
    }
  }

  /** {@code postgresql://host:port/database}, without user and password. */
  public synchronized String databaseUrl() {
    return postgres.address();
  }

  /** The database user. */
  public synchronized String user() {
    return EmbeddedPostgres.USER;
  }

  /** Its password; never to be put on a command line. */
  public synchronized String password() {
    return postgres.password();
  }

  /** {@code host:port} of the broker. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Stops PostgreSQL. */
  public synchronized void stopPostgres() {
    postgres.close();
  }

  /** Starts PostgreSQL again where it was. */
  public synchronized void startPostgres() {
    postgres =
        EmbeddedPostgres.start(
            folder.resolve("postgres"),
            new EmbeddedPostgres.Settings(postgres.host(), postgres.port(), CONNECTIONS));
    adopt.accept(postgres.process());
  }

  /** Stops the broker. */
  public void stopKafka() {
    kafka.close();
  }

  /** Starts the broker again where it was. */
  public void startKafka() {
    kafka.restart();
    adopt.accept(kafka.process());
  }

  /** Stops both; the data stay. */
  @Override
  public synchronized void close() {
    kafka.close();
    postgres.close();
  }
}
