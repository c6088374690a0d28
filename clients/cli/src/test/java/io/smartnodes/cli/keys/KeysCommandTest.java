package io.smartnodes.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys on disk. */
class KeysCommandTest {
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void keysAreMadeOnceAndShownAfterwards() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "secret\n");
    String keys = folder.resolve("keys").toString();
    String option = "--password-file=" + password;

    assertThat(run("keys", "show", keys, option)).isEqualTo(2);
    assertThat(err.toString()).contains("account.json is missing");

    assertThat(run("keys", "create", keys, option)).isZero();
    byte[] made = Files.readAllBytes(folder.resolve("keys/node.json"));
    assertThat(run("keys", "show", keys, option)).isZero();

    assertThat(run("keys", "create", keys, option)).isEqualTo(2);
    assertThat(err.toString()).contains("account.json exists");
    assertThat(Files.readAllBytes(folder.resolve("keys/node.json"))).isEqualTo(made);
  }

  @Test
  void anEmptyPasswordProtectsNothing() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "\n");
    assertThat(run("keys", "create", folder.toString(), "--password-file=" + password))
        .isEqualTo(2);
    assertThat(err.toString()).contains("the password is empty");
    assertThat(folder.resolve("node.json")).doesNotExist();
  }

  @Test
  void aServiceThatDoesNotExistIsNoneToCheck() {
    assertThat(
            run(
                "network",
                "check",
                "--deployment=none.json",
                "--peer=0x01",
                "--service=gateway=localhost:1"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("nothing is called 'gateway'");
  }

  private int run(String... arguments) {
    return Main.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
  }
}
