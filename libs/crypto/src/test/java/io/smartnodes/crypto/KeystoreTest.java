package io.smartnodes.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreTest {
  /** Written by another implementation (eth-keyfile). */
  private static final String FOREIGN =
      """
      {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"7420047aba5e252cb986a1a67e500840"},\
      "ciphertext":"be7b86642da16428ab462be1ce396a40467e753e3c8132dc9ce2c67ef39c1203",\
      "kdf":"scrypt","kdfparams":{"dklen":32,"n":8192,"r":8,"p":1,\
      "salt":"7be5097207b48d1f2256e19821761f7d"},\
      "mac":"d56f515894e838746b738172791a5bfaf1bc7ad701b79c73b162b8e99eab8f67"},\
      "id":"8a18671f-20a9-4a1c-8afc-35d066f35e2c","version":3}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void aKeystoreOfAnotherClientOpens() throws IOException {
    Path file = Files.writeString(folder.resolve("vector.json"), FOREIGN);
    assertThat(Keystore.read(file, "testpassword").secret())
        .isEqualTo(
            Bytes32.fromHex("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"));
  }

  @Test
  void aKeyComesBackAndOnlyItsOwnerCanReadTheFile() throws IOException {
    NodeKey key = NodeKey.of(Keccak.text("key"));
    Path file = folder.resolve("deep/key.json");
    Keystore.write(file, key, "secret word", Keystore.Strength.LIGHT);
    assertThat(Keystore.read(file, "secret word").address()).isEqualTo(key.address());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).doesNotContain(key.secret().toString().substring(2));
  }

  @Test
  void aWrongPasswordIsSaidPlainlyAndAnExistingFileIsKept() throws IOException {
    Path file = folder.resolve("key.json");
    NodeKey key = NodeKey.of(Keccak.text("key"));
    Keystore.write(file, key, "right", Keystore.Strength.LIGHT);
    assertThatThrownBy(() -> Keystore.read(file, "wrong"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wrong password");
    assertThatThrownBy(() -> Keystore.write(file, key, "again", Keystore.Strength.LIGHT))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aFileThatDemandsTooMuchWorkIsRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("greedy.json"), FOREIGN.replace("\"n\":8192", "\"n\":1073741824"));
    assertThatThrownBy(() -> Keystore.read(file, "testpassword"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in bounds");
  }

  @Test
  void aDamagedFileIsSaidToBeOne() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), "{\"crypto\": 7");
    assertThatThrownBy(() -> Keystore.read(file, "x"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("malformed");
  }
}
