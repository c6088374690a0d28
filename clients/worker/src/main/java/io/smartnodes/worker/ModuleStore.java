package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Modules by their hash, on disk. */
final class ModuleStore {
  private final Path folder;

  ModuleStore(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  Optional<Bytes> find(Bytes32 hash) {
    Path file = folder.resolve(hash + ".wasm");
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Bytes module = Bytes.of(Files.readAllBytes(file));
      return module.keccak().equals(hash) ? Optional.of(module) : Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  void put(Bytes module) {
    try {
      Path part = Files.createTempFile(folder, "module", ".part");
      Files.write(part, module.toArray());
      Files.move(
          part, folder.resolve(module.keccak() + ".wasm"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
