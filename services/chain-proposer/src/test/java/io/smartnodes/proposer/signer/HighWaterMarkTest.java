package io.smartnodes.proposer.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWaterMarkTest {
  @TempDir Path directory;

  @Test
  void theMarkOnlyGrowsAndSurvivesTheProcess() throws IOException {
    Path file = directory.resolve("mark");
    HighWaterMark mark = new HighWaterMark(file);
    assertThat(mark.read()).isEmpty();
    mark.write(7);
    mark.write(5);
    assertThat(new HighWaterMark(file).read()).hasValue(7);
  }

  @Test
  void aMarkThatIsNoNumberStopsTheStart() throws IOException {
    Path file = directory.resolve("mark");
    Files.writeString(file, "seven");
    assertThatThrownBy(() -> new HighWaterMark(file).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no number");
  }
}
