package io.smartnodes.validator.ops.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Reads settings and the files that they name; what is missing becomes a finding. */
record Settings(Config config, List<Finding> findings) {
  Optional<String> find(String key) {
    return config.getOptionalValue(key, String.class).map(String::strip).filter(v -> !v.isEmpty());
  }

  Optional<String> need(String area, String key) {
    Optional<String> value = find(key);
    if (value.isEmpty()) {
      problem(area, key + " is not set: give it, or " + variable(key));
    }
    return value;
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  Optional<Path> needFile(String area, String key) {
    return need(area, key)
        .map(Path::of)
        .filter(file -> {
          if (!Files.exists(file)) {
            problem(area, key + ": there is no file " + file + "; is its secret mounted?");
            return false;
          }
          if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
            problem(area, key + ": the file " + file + " cannot be read by this user");
            return false;
          }
          return true;
        });
  }

  /** The first line of a file that holds a secret. */
  Optional<String> needSecret(String area, String key) {
    Optional<Path> file = needFile(area, key);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      String secret = Files.readString(file.get()).strip();
      if (!secret.isEmpty()) {
        return Optional.of(secret);
      }
      problem(area, key + ": the file " + file.get() + " is empty");
    } catch (IOException e) {
      problem(area, key + ": " + reason(e));
    }
    return Optional.empty();
  }

  void problem(String area, String text) {
    findings.add(Finding.problem(area, text));
  }

  void warning(String area, String text) {
    findings.add(Finding.warning(area, text));
  }

  /** What an exception says, with its kind where the message alone says nothing. */
  static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null || failure instanceof NoSuchFileException
        ? failure.getClass().getSimpleName() + (message == null ? "" : " " + message)
        : message;
  }
}
