package io.smartnodes.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.smartnodes.runner.client.UnitRunner;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process by itself: its socket, its health, its end. */
class RunnerMainTest {
  @TempDir private Path directory;

  private Process start(Path socket, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    // Whatever becomes of a test, nothing of it stays.
    command.add("-Dsmartnodes.parent-watch=stdin");
    command.add("-Dsmartnodes.runner.socket=" + socket);
    command.addAll(Programs.program());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String ended(Process process, int code) throws Exception {
    assertThat(process.waitFor(Waiting.PATIENCE)).isTrue();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isEqualTo(code);
    return said;
  }

  /** What it says once it serves; libraries on the tests' class path may speak before. */
  private static String ready(Process process) {
    return process
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("runner listens on"))
        .findFirst()
        .orElse("");
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws Exception {
    Path file = Files.writeString(directory.resolve("precious"), "data");

    assertThat(ended(start(file), 2)).contains("is not a socket").doesNotContain("at io.");
    assertThat(file).hasContent("data");
  }

  @Test
  void aSocketOnWhichSomebodyListensIsLeftAlone() throws Exception {
    Path socket = directory.resolve("s");
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(socket));

      assertThat(ended(start(socket), 2)).contains("another runner listens there");
      assertThat(socket).exists();
    }
  }

  @Test
  void aSocketThatAKilledRunnerLeftIsTakenOver() throws Exception {
    Path socket = directory.resolve("own/s");
    Process killed = start(socket);
    assertThat(ready(killed)).isNotEmpty();
    killed.destroyForcibly().waitFor();
    assertThat(socket).exists();

    Process next = start(socket);
    try {
      assertThat(ready(next)).isNotEmpty();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
          .isEqualTo("rwx------");
    } finally {
      next.destroy();
    }
    next.waitFor();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aRunnerWithoutASocketSaysWhichSettingMisses() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Programs.program());

    assertThat(ended(new ProcessBuilder(command).redirectErrorStream(true).start(), 2))
        .contains("smartnodes-runner: smartnodes.runner.socket is not set");
  }

  @Test
  void aRunnerEndsWithWhoeverHoldsItsStandardInput() throws Exception {
    Path own = directory.resolve("own");
    int attempts = 0;
    do {
      Files.createDirectories(own.resolve("classes/some"));
      Process child = start(own.resolve("s"), "-Dsmartnodes.runner.directory=" + own);
      assertThat(ready(child)).isNotEmpty();

      child.getOutputStream().close();

      assertThat(child.waitFor(Waiting.PATIENCE)).isTrue();
      attempts++;
      // One that stalls for two seconds ends before its directory is gone.
    } while (Files.exists(own) && attempts < 5);
    assertThat(own).doesNotExist();
  }

  @Test
  void aDirectoryInWhichOthersCouldPutASocketIsRefused() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assumeThat(Files.getAttribute(open, "unix:uid")).as("root's own are trusted").isNotEqualTo(0);

    assertThat(ended(start(open.resolve("s")), 2)).contains("is open to other users");
  }

  @Test
  void aSharedVolumeOfRootIsTaken() throws Exception {
    Path volume = Files.createDirectory(directory.resolve("volume"));
    Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxrwxrwx"));
    assumeThat(Files.getAttribute(volume, "unix:uid")).as("tests run as root").isEqualTo(0);

    Process child = start(volume.resolve("s"));
    try {
      assertThat(ready(child)).isNotEmpty();
    } finally {
      child.destroy();
    }
  }

  @Test
  void aDirectoryOfSomebodyElseIsRefused() throws Exception {
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    assumeThat(Files.getAttribute(foreign, "unix:uid")).as("tests run as root").isEqualTo(0);
    Files.setAttribute(foreign, "unix:uid", 4711);

    assertThat(ended(start(foreign.resolve("s")), 2)).contains("belongs to another user");
  }

  @Test
  void aSupervisorEndsAChildThatHangsAndStartsAnother() throws Exception {
    int port = freePort();
    Process supervisor =
        start(
            directory.resolve("s"),
            "-Dsmartnodes.runner.supervise=true",
            "-Dsmartnodes.runner.health-host=127.0.0.1",
            "-Dsmartnodes.runner.health-port=" + port,
            "-Dsmartnodes.runner.patience-millis=10000");
    try (HttpClient client = HttpClient.newHttpClient()) {
      Iterator<String> lines =
          supervisor
              .inputReader(StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains("runner listens on") || line.contains("is ended"))
              .iterator();
      String line = lines.next();
      // A child that only starts slowly may be ended before.
      while (!line.contains("listens")) {
        line = lines.next();
      }
      // Until it has answered once it is given much longer.
      Waiting.await(() -> isReady(client, port), "an answer of the child");
      ProcessHandle hung = supervisor.children().findFirst().orElseThrow();

      new ProcessBuilder("kill", "-STOP", Long.toString(hung.pid())).start().waitFor();

      assertThat(lines.next()).contains("the runner has not answered for");
      // Nobody else ends a process that is stopped.
      assertThat(hung.onExit()).succeedsWithin(Waiting.PATIENCE);
      do {
        line = lines.next();
      } while (!line.contains("listens"));
    } finally {
      supervisor.destroy();
    }
  }

  @Test
  void theHeapLeavesRoomForOneOfTheLargestUnitsInTheImageAndForAllOfTheChild() {
    // What a heap of 512 MiB, half of the container's, has to give: without one survivor space.
    assertThat(RunnerSettings.unitMemoryMib(1, 494L << 20)).isEqualTo(256);
    assertThat(RunnerSettings.unitMemoryMib(2, 494L << 20)).isEqualTo(302);
    assertThat(RunnerSettings.unitMemoryMib(4, 4_096L << 20)).isEqualTo(1_024);
    assertThat(RunnerSettings.unitMemoryMib(1, 64L << 20)).isEqualTo(1);
  }

  @Test
  void clientAndRunnerAgreeOnPlaces() {
    assertThat(RunnerSettings.MOST_PLACES).isEqualTo(UnitRunner.MOST_PLACES);
    for (int processors : new int[] {1, 2, 7, 128, 1_000}) {
      assertThat(RunnerSettings.placesFor(processors)).isEqualTo(UnitRunner.placesFor(processors));
    }
  }

  @Test
  void aSupervisedRunnerIsBackAndEndsWithItsSupervisor() throws Exception {
    Process supervisor = start(directory.resolve("s"), "-Dsmartnodes.runner.supervise=true");
    try {
      Iterator<String> lines =
          supervisor
              .inputReader(StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains("runner listens on"))
              .iterator();
      lines.next();
      ProcessHandle first = supervisor.children().findFirst().orElseThrow();

      first.destroyForcibly();

      lines.next();
      ProcessHandle second = supervisor.children().findFirst().orElseThrow();
      assertThat(second.pid()).isNotEqualTo(first.pid());
      supervisor.destroyForcibly();
      assertThat(second.onExit()).succeedsWithin(Waiting.PATIENCE);
    } finally {
      supervisor.destroy();
    }
  }

  @Test
  void theHealthPortAnswersThatItServesAndNothingElse() throws Exception {
    int port = freePort();
    Process child =
        start(
            directory.resolve("s"),
            "-Dsmartnodes.runner.health-host=127.0.0.1",
            "-Dsmartnodes.runner.health-port=" + port);
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(ready(child)).isNotEmpty();

      assertThat(get(client, port, "/q/health/ready")).isEqualTo(200);
      assertThat(get(client, port, "/q/health/live")).isEqualTo(200);
      assertThat(get(client, port, "/q/metrics")).isEqualTo(404);
    } finally {
      child.destroy();
    }
  }

  private static int freePort() throws IOException {
    try (var free = new java.net.ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static boolean isReady(HttpClient client, int port) {
    try {
      return get(client, port, "/q/health/ready") == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }
}
