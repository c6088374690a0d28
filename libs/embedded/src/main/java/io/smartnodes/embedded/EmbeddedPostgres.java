package io.smartnodes.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL with its data in a directory of ours, for laptops and tests. It is as durable
 * as any other ({@code fsync} stays on), survives {@code kill -9} of its owner, and stops with it.
 *
 * <p>It listens on the loopback interface, and on another address only if told to; everybody is
 * asked for a random password that lies beside the data. Layout under the given directory: {@code
 * data/}, {@code password}, {@code postgres.log}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final List<String> SETTINGS =
      List.of(
          "shared_buffers=16MB",
          "unix_socket_directories=",
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_wal_size=128MB",
          "dynamic_shared_memory_type=mmap",
          "timezone=UTC",
          "log_min_messages=warning");

  /** The database user. */
  public static final String USER = "postgres";

  private static final String ANYBODY_WITH_THE_PASSWORD = "host all all all scram-sha-256";

  private final ChildProcess process;
  private final Settings settings;
  private final String password;

  private EmbeddedPostgres(ChildProcess process, Settings settings, String password) {
    this.process = process;
    this.settings = settings;
    this.password = password;
  }

  /**
   * Where it listens.
   *
   * @param host {@code localhost}, or another address of this machine on which it listens as well
   * @param port TCP port, or 0 for a free one
   * @param connections the most at a time
   */
  public record Settings(String host, int port, int connections) {
    private static final String LOOPBACK = "localhost";
    private static final int USUAL = 60;

    /** For clients on this machine alone. */
    public static Settings loopback(int port) {
      return new Settings(LOOPBACK, port, USUAL);
    }

    private boolean isLoopback() {
      return host.equals(LOOPBACK);
    }

    private Settings withPort() {
      return port == 0 ? new Settings(host, FreePorts.one(), connections) : this;
    }

    private List<String> arguments() {
      return List.of(
          "-p",
          Integer.toString(port),
          "-c",
          "max_connections=" + connections,
          "-c",
          "listen_addresses=" + (isLoopback() ? LOOPBACK : LOOPBACK + "," + host));
    }
  }

  /**
   * Starts PostgreSQL for this machine alone.
   *
   * @param directory home of data, password and log
   * @param port TCP port, or 0 for a free one
   */
  public static EmbeddedPostgres start(Path directory, int port) {
    return start(directory, Settings.loopback(port));
  }

  /**
   * Starts PostgreSQL on the directory, which is created and initialised the first time. A
   * PostgreSQL that a killed owner left running on the same directory is stopped first.
   *
   * @param directory home of data, password and log
   */
  public static EmbeddedPostgres start(Path directory, Settings settings) {
    Path home = directory.toAbsolutePath();
    Path data = home.resolve("data");
    Settings chosen = settings.withPort();
    try {
      Files.createDirectories(home);
      Path binaries = PostgresBinaries.directory();
      String password = initialised(home, data, binaries);
      if (!chosen.isLoopback()) {
        admit(data.resolve("pg_hba.conf"));
      }
      stopOrphan(data);
      List<String> command = asOrdinaryUser();
      command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
      command.addAll(chosen.arguments());
      SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
      ChildProcess process =
          ChildProcess.program("postgres", command, Map.of(), home.resolve("postgres.log"));
      EmbeddedPostgres started = new EmbeddedPostgres(process, chosen, password);
      process.awaitReady(() -> isReady(data), START);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(started::close));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not start in " + home, e);
    }
  }

  /** {@code postgresql://HOST:PORT/postgres?user=…&password=…}, for the reactive client. */
  public String url() {
    return address() + "?user=" + USER + "&password=" + password;
  }

  /** {@code postgresql://host:port/postgres}, without user and password. */
  public String address() {
    return "postgresql://" + settings.host() + ":" + settings.port() + "/postgres";
  }

  /** The password of {@link #USER}. */
  public String password() {
    return password;
  }

  /** The address that it was told to listen on. */
  public String host() {
    return settings.host();
  }

  /** The same address for JDBC. */
  public String jdbcUrl() {
    return "jdbc:" + url();
  }

  /** TCP port. */
  public int port() {
    return settings.port();
  }

  /** The process, for its log, CPU time and memory. */
  public ChildProcess process() {
    return process;
  }

  /** Stops it: open transactions roll back, everything committed is on disk. */
  @Override
  public void close() {
    process.stop(STOP);
  }

  private static String initialised(Path home, Path data, Path binaries) throws IOException {
    Path passwordFile = home.resolve("password");
    if (!Files.exists(passwordFile)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, HexFormat.of().formatHex(random));
    }
    if (!Files.exists(data.resolve("postgresql.conf"))) {
      List<String> command = asOrdinaryUser();
      command.addAll(List.of(binaries.resolve("bin/initdb").toString(), "-D", data.toString()));
      command.addAll(List.of("-U", USER, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"));
      command.add("--pwfile=" + passwordFile);
      run(command, home.resolve("postgres.log"));
    }
    return Files.readString(passwordFile).strip();
  }

  /** The file of a new database admits this machine only. */
  private static void admit(Path rules) throws IOException {
    if (!Files.readAllLines(rules).contains(ANYBODY_WITH_THE_PASSWORD)) {
      Files.writeString(rules, ANYBODY_WITH_THE_PASSWORD + "\n", StandardOpenOption.APPEND);
    }
  }

  private static void run(List<String> command, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " failed, see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }

  /** PostgreSQL refuses to run as root: a user namespace of its own gives it another number. */
  private static List<String> asOrdinaryUser() {
    return "root".equals(System.getProperty("user.name"))
        ? new ArrayList<>(List.of("unshare", "--user"))
        : new ArrayList<>();
  }

  private static boolean isReady(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return false;
    }
    List<String> lines = Files.readAllLines(pidFile);
    return lines.size() >= 8 && "ready".equals(lines.get(7).strip());
  }

  /** Ends a PostgreSQL that runs on this directory, and removes a pid file that nobody owns. */
  private static void stopOrphan(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    Optional<ProcessHandle> orphan =
        Files.exists(pidFile) ? owner(pidFile, data) : Optional.empty();
    if (orphan.isPresent()) {
      ProcessHandle handle = orphan.get();
      signalFastShutdown(handle.pid(), data);
      try {
        handle.onExit().get(START.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        throw new IOException("an orphaned PostgreSQL does not stop: pid " + handle.pid(), e);
      }
    }
    Files.deleteIfExists(pidFile);
  }

  private static Optional<ProcessHandle> owner(Path pidFile, Path data) throws IOException {
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.getFirst().strip());
    // The number may belong to another process by now: only a PostgreSQL of our data counts.
    return ProcessHandle.of(pid)
        .filter(handle -> ProcFs.commandLine(pid).contains("-D " + data + " "));
  }

  private static void signalFastShutdown(long pid, Path data) throws IOException {
    run(List.of("kill", "-INT", Long.toString(pid)), data.resolveSibling("postgres.log"));
  }
}
