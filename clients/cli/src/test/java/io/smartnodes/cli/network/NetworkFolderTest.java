package io.smartnodes.cli.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One network per folder, and nothing left of the one before. */
class NetworkFolderTest {
  @TempDir Path temporary = Path.of("unset");

  @Test
  void oneProcessHoldsAFolder() {
    Path path = temporary.resolve("network");
    try (NetworkFolder held = NetworkFolder.take(path)) {
      assertThat(NetworkFolder.isHeld(held.path())).isTrue();
      assertThatIllegalStateException()
          .isThrownBy(() -> NetworkFolder.take(path))
          .withMessageContaining("smartnodes down");
    }
    assertThat(NetworkFolder.isHeld(path)).isFalse();
  }

  @Test
  void theNextHolderEndsWhatTheLastOneLeftAndEmptiesTheFolder() throws Exception {
    Path path = temporary.resolve("network");
    Process left = new ProcessBuilder("sleep", "600").start();
    try (NetworkFolder first = NetworkFolder.take(path)) {
      first.note(left.toHandle());
      Files.createDirectories(first.resolve("validator-1/postgres"));
      Files.writeString(first.resolve("validator-1/postgres/postmaster.pid"), "no number\n");
    }
    try (NetworkFolder second = NetworkFolder.take(path)) {
      assertThat(left.isAlive()).isFalse();
      assertThat(second.path()).isEmptyDirectory();
    }
  }

  @Test
  void aProcessThatOnlyHasTheNumberOfALostOneIsLeftAlone() throws Exception {
    Path path = temporary.resolve("network");
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      try (NetworkFolder first = NetworkFolder.take(path)) {
        Files.writeString(first.resolve("pids"), other.pid() + " 1970-01-01T00:00:00Z\n");
      }
      NetworkFolder.take(path).close();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aPlanOutOfRangeNamesItsOption() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkPlan(3, 5, 1, 200, 1))
        .withMessageContaining("--validators");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkPlan(4, 1, 1, 200, 1))
        .withMessageContaining("--cheaters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkPlan(4, 5, 1, 1001, 1))
        .withMessageContaining("--cheat-share");
  }
}
