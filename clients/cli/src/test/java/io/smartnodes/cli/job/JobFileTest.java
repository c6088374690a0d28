package io.smartnodes.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Keccak;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs as files, and the example among them. */
class JobFileTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("smartnodes.root"), "examples/fractal/job.yaml");

  @TempDir Path temporary = Path.of("unset");

  @Test
  void theExampleGivesThePixelsOfItsReadmeAndAPicture() throws Exception {
    JobWork work = JobFile.read(EXAMPLE);
    assertThat(work.units()).isEqualTo(256);
    assertThat(text(work.inputs().get(17))).isEqualTo("64 64 64 64 1024 1000\n");
    SortedMap<Long, Bytes> outputs = LocalRun.run(work, Keccak.text("job"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    outputs.values().forEach(output -> all.writeBytes(output.toArray()));
    assertThat(HexFormat.of().formatHex(sha256(all.toByteArray())))
        .isEqualTo("013e81d8f86e07908c9c8c4a9ed355305febc8e8e996d3d964cb7937dea80a54");
    Path picture = work.write(outputs, temporary);
    var image = ImageIO.read(picture.toFile());
    byte[] corner = outputs.values().stream().toList().getLast().toArray();
    assertThat(image.getWidth()).isEqualTo(1024);
    assertThat(image.getRGB(960, 960) >> 16 & 0xFF).isEqualTo(corner[0] & 0xFF);
  }

  @Test
  void filesOfAFolderAreInputsInTheOrderOfTheirNames() throws Exception {
    Path inputs = Files.createDirectory(temporary.resolve("inputs"));
    Files.writeString(inputs.resolve("b.txt"), "second");
    Files.writeString(inputs.resolve("a.txt"), "first");
    Path module = Files.write(temporary.resolve("m.wasm"), new byte[] {0, 'a', 's', 'm'});
    JobWork work = JobFile.of(module, inputs);
    assertThat(work.names()).containsExactly("a.txt", "b.txt");
    assertThat(work.inputs().stream().map(JobFileTest::text)).containsExactly("first", "second");
  }

  @Test
  void aJobFileThatCannotBeReadNamesTheField() throws Exception {
    refuses("network: gpu\nmodule: m.wasm\ninputs: i\n", "network");
    refuses("inputs: i\n", "module");
    refuses("module: m.wasm\n", "inputs");
    refuses("module: m.wasm\ninputs: i\nprize: 3\n", "prize");
    refuses(
        "module: m.wasm\ngenerate: {count: 0, columns: 1, tile: 1, input: x}\n", "generate.count");
  }

  private void refuses(String yaml, String field) throws Exception {
    Path file = Files.writeString(temporary.resolve("job.yaml"), yaml);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobFile.read(file))
        .withMessageContaining(field);
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
