package io.smartnodes.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * <p>It listens on the loopback interface only and asks for a random password that lies beside the
 * data. Layout under the given directory: {@code data/}, {@code password}, {@code postgres.log}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final List<String> SETTINGS =
      List.of(
          "shared_buffers=16MB",
          "max_connections=60",
          "listen_addresses=localhost",
          "unix_socket_directories=",
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_wal_size=128MB",
          "dynamic_shared_memory_type=mmap",
          "timezone=UTC",
          "log_min_messages=warning");

  private final ChildProcess process;
  private final int port;
  private final String password;

  private EmbeddedPostgres(ChildProcess process, int port, String password) {
    this.process = process;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts PostgreSQL on the directory, which is created and initialised the first time. A
   * PostgreSQL that a killed owner left running on the same directory is stopped first.
   *
   * @param directory home of data, password and log
   * @param port TCP port, or 0 for a free one
   */
  public static EmbeddedPostgres start(Path directory, int port) {
    Path home = directory.toAbsolutePath();
    Path data = home.resolve("data");
    int chosen = port == 0 ? FreePorts.one() : port;
    try {
      Files.createDirectories(home);
      Path binaries = PostgresBinaries.directory();
      String password = initialised(home, data, binaries);
      stopOrphan(data);
      List<String> command = asOrdinaryUser();
      command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
      command.addAll(List.of("-p", Integer.toString(chosen)));
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

  /** {@code postgresql://localhost:PORT/postgres?user=…&password=…}, for the reactive client. */
  public String url() {
    return "postgresql://localhost:" + port + "/postgres?user=postgres&password=" + password;
  }

  /** The same address for JDBC. */
  public String jdbcUrl() {
    return "jdbc:" + url();
  }

  /** TCP port on the loopback interface. */
  public int port() {
    return port;
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
      command.addAll(List.of("-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"));
      command.add("--pwfile=" + passwordFile);
      run(command, home.resolve("postgres.log"));
    }
    return Files.readString(passwordFile).strip();
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
        handle.onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
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
