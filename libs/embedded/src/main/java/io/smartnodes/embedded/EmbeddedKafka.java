package io.smartnodes.embedded;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A real Kafka (one broker that is its own controller) with its data in a directory of ours, for
 * laptops and tests. What it acknowledged survives its {@code kill -9}; a power cut takes the last
 * second, as it does of any broker that stands alone. It runs in a process of its own that stops
 * with its owner, and its jars are on nobody's class path.
 *
 * <p>Layout under the given directory: {@code data/}, {@code broker.properties}, {@code kafka.log}.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** Environment variable, or property, that names the project's checkout. */
  private static final String ROOT_VARIABLE = "SMARTNODES_ROOT";

  private static final String ROOT_PROPERTY = "smartnodes.root";
  private static final Path MODULE = Path.of("libs", "kafka-broker", "target");
  private static final String MAIN = "io.smartnodes.embedded.broker.BrokerMain";
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int ANSWERS_WITHIN_MILLIS = 500;
  private static final int API_VERSIONS = 18;
  private static final int CORRELATION = 7;
  private static final int LARGEST_RECORD = 8 << 20;
  private static final List<String> JVM =
      List.of(
          "-Xmx192m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
          "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
          "-Dorg.slf4j.simpleLogger.showDateTime=true",
          "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS");

  private final Path home;
  private final Settings settings;
  private ChildProcess process;

  private EmbeddedKafka(Path home, Settings settings, ChildProcess process) {
    this.home = home;
    this.settings = settings;
    this.process = process;
  }

  /**
   * Where it listens.
   *
   * @param bindHost address of this machine on which it listens
   * @param advertisedHost name or address that it tells its clients, who must reach it there
   * @param port TCP port, or 0 for a free one, which it keeps over restarts
   */
  public record Settings(String bindHost, String advertisedHost, int port) {
    /** For clients on this machine alone. */
    public static Settings loopback(int port) {
      return new Settings("127.0.0.1", "127.0.0.1", port);
    }

    /** For clients that reach this machine under another address of its. */
    public static Settings at(String address, int port) {
      return new Settings(address, address, port);
    }
  }

  /**
   * Starts a broker on the directory, which is created and formatted the first time, and waits
   * until it takes clients.
   *
   * @throws IllegalStateException if it does not come up; the message carries the end of its log
   */
  public static EmbeddedKafka start(Path directory, Settings settings) {
    Path home = directory.toAbsolutePath();
    Settings chosen =
        settings.port() == 0
            ? new Settings(settings.bindHost(), settings.advertisedHost(), FreePorts.one())
            : settings;
    EmbeddedKafka started = new EmbeddedKafka(home, chosen, launch(home, chosen));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::close));
    return started.ready();
  }

  /** {@code host:port} for {@code smartnodes.kafka.bootstrap-servers}. */
  public String bootstrapServers() {
    return settings.advertisedHost() + ":" + settings.port();
  }

  /** TCP port. */
  public int port() {
    return settings.port();
  }

  /** The process that runs now, for its log, CPU time and memory. */
  public synchronized ChildProcess process() {
    return process;
  }

  /** Ends it without warning. */
  public synchronized void killHard() {
    process.killHard();
  }

  /** Starts it again on the same data and port, after {@link #close} or {@link #killHard}. */
  public synchronized EmbeddedKafka restart() {
    close();
    process = launch(home, settings);
    return ready();
  }

  /** Stops it orderly; the data stay. */
  @Override
  public synchronized void close() {
    process.stop(STOP);
  }

  private EmbeddedKafka ready() {
    process().awaitReady(this::isReady, START);
    return this;
  }

  /** Asks which requests it knows (ApiVersions 0): it answers once it processes requests. */
  private boolean isReady() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(settings.bindHost(), settings.port()), ANSWERS_WITHIN_MILLIS);
      socket.setSoTimeout(ANSWERS_WITHIN_MILLIS);
      DataOutputStream ask = new DataOutputStream(socket.getOutputStream());
      ask.writeInt(10);
      ask.writeShort(API_VERSIONS);
      ask.writeShort(0);
      ask.writeInt(CORRELATION);
      ask.writeShort(-1);
      ask.flush();
      DataInputStream answer = new DataInputStream(socket.getInputStream());
      return answer.readInt() > 6 && answer.readInt() == CORRELATION && answer.readShort() == 0;
    }
  }

  private static ChildProcess launch(Path home, Settings settings) {
    Path module = module();
    Path properties = home.resolve("broker.properties");
    try {
      Files.createDirectories(home);
      Files.writeString(properties, brokerProperties(home, settings));
    } catch (IOException e) {
      throw new UncheckedIOException("Kafka does not start in " + home, e);
    }
    List<String> arguments = new ArrayList<>(JVM);
    arguments.addAll(
        List.of(
            "-cp",
            module.resolve("broker") + "/*" + File.pathSeparator + module.resolve("classes"),
            MAIN,
            properties.toString(),
            home.resolve("data").toString()));
    return ChildProcess.java("kafka", arguments, Map.of(), home.resolve("kafka.log"));
  }

  private static String brokerProperties(Path home, Settings settings) throws IOException {
    String controller = "127.0.0.1:" + FreePorts.one();
    Properties all = new Properties();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("controller.quorum.voters", "1@" + controller);
    all.put("controller.listener.names", "CONTROLLER");
    all.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT");
    all.put("inter.broker.listener.name", "CLIENT");
    all.put(
        "listeners",
        "CLIENT://%s:%d,CONTROLLER://%s"
            .formatted(settings.bindHost(), settings.port(), controller));
    all.put(
        "advertised.listeners",
        "CLIENT://%s:%d".formatted(settings.advertisedHost(), settings.port()));
    all.put("log.dirs", home.resolve("data").toString());
    // One copy only, so it is on the disk within a second.
    all.put("log.flush.interval.ms", "1000");
    all.put("log.flush.scheduler.interval.ms", "1000");
    all.put("auto.create.topics.enable", "false");
    all.put("offsets.topic.replication.factor", "1");
    all.put("offsets.topic.num.partitions", "4");
    all.put("transaction.state.log.replication.factor", "1");
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.replication.factor", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
    // After a kill the controller must forget the old incarnation before the new one may register.
    // Not less: a machine that is busy must not lose its only broker.
    all.put("broker.session.timeout.ms", "6000");
    all.put("broker.heartbeat.interval.ms", "1000");
    all.put("metadata.max.idle.interval.ms", "0");
    all.put("message.max.bytes", Integer.toString(LARGEST_RECORD));
    all.put("num.network.threads", "2");
    all.put("num.io.threads", "2");
    all.put("background.threads", "2");
    all.put("log.cleaner.dedupe.buffer.size", "4194304");
    all.put("log.segment.bytes", "67108864");
    all.put("log.index.size.max.bytes", "1048576");
    StringWriter text = new StringWriter();
    all.store(text, "Written at every start");
    return text.toString();
  }

  /** The built broker: in the checkout that a setting names, or in one above this directory. */
  private static Path module() {
    String named = System.getProperty(ROOT_PROPERTY, System.getenv(ROOT_VARIABLE));
    List<Path> above = new ArrayList<>();
    if (named != null) {
      above.add(Path.of(named));
    }
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      above.add(up);
    }
    return above.stream()
        .map(root -> root.resolve(MODULE).toAbsolutePath())
        .filter(module -> Files.isDirectory(module.resolve("broker")))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "the broker is not built: there is no %s in %s nor above %s"
                    .formatted(
                        MODULE.resolve("broker"),
                        Optional.ofNullable(named).orElse("(no " + ROOT_PROPERTY + ")"),
                        Path.of("").toAbsolutePath())));
  }
}
