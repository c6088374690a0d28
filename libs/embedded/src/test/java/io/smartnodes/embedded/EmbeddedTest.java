package io.smartnodes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTest {
  @TempDir Path directory;

  @Test
  void committedRowsSurviveAPowerCutOfTheDatabase() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(directory, 0)) {
      update(first, "create table kept(id int)");
      update(first, "insert into kept values (7)");
      assertThat(first.process().peakRssMiB()).isPositive();
      first.process().killHard();
    }
    try (EmbeddedPostgres second = EmbeddedPostgres.start(directory, 0)) {
      assertThat(number(second, "select id from kept")).isEqualTo(7);
      assertThat(text(second, "show fsync")).isEqualTo("on");
      assertThat(text(second, "show synchronous_commit")).isEqualTo("on");
    }
  }

  @Test
  void anOrphanOnTheSameDataIsStoppedBeforeANewStart() throws Exception {
    EmbeddedPostgres orphaned = EmbeddedPostgres.start(directory, 0);
    update(orphaned, "create table kept(id int)");
    // Only the holder dies: the postmaster goes on and still owns the data.
    ProcessHandle.of(orphaned.process().pid()).orElseThrow().destroyForcibly();
    long postmaster = postmaster();
    assertThat(ProcessHandle.of(postmaster)).isPresent();
    try (EmbeddedPostgres second = EmbeddedPostgres.start(directory, 0)) {
      assertThat(number(second, "select count(*) from kept")).isZero();
      assertThat(postmaster()).isNotEqualTo(postmaster);
    }
  }

  @Test
  void aDatabaseDiesWithAnOwnerThatIsKilled() throws Exception {
    Path log = directory.resolve("owner.log");
    ChildProcess owner =
        ChildProcess.java(
            "owner",
            List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PostgresOwner.class.getName(),
                directory.toString()),
            Map.of(),
            log);
    owner.awaitReady(
        ReadyProbe.logLine(log, Pattern.compile("owner is ready")), Duration.ofMinutes(6));
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
    ProcessHandle.of(owner.pid()).orElseThrow().destroyForcibly();
    assertThat(postmaster.onExit().get(5, TimeUnit.MINUTES).isAlive()).isFalse();
  }

  @Test
  void aChainAnswersAndStops() {
    Optional<Path> binary = Anvil.find(Optional.empty());
    Assumptions.assumeTrue(binary.isPresent(), "no anvil on the PATH");
    Anvil chain =
        Anvil.start(
            new Anvil.Settings(
                binary.orElseThrow(),
                0,
                31337,
                1,
                2,
                Optional.of(directory.resolve("state.json")),
                directory.resolve("anvil.log")));
    assertThat(chain.process().isAlive()).isTrue();
    chain.close();
    assertThat(chain.process().isAlive()).isFalse();
    assertThat(directory.resolve("state.json")).exists();
  }

  private long postmaster() throws Exception {
    return Long.parseLong(
        Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst().strip());
  }

  private static void update(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static long number(EmbeddedPostgres postgres, String sql) throws SQLException {
    return Long.parseLong(text(postgres, sql));
  }

  private static String text(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
