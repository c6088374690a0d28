package io.smartnodes.acceptance.cluster.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a validator's database says, read behind its back: a test may look where no service answers.
 *
 * @param url {@code postgresql://host:port/database}
 */
public record Rows(String url, String user, String password) {
  /** The embedded databases of validators below a folder. */
  public static List<Rows> embedded(Path folder) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.endsWith("postmaster.pid")) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
              // Databases and brokers at work delete files all the time.
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException vanished) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return found.stream().map(Rows::of).toList();
  }

  private static Rows of(Path pidFile) {
    try {
      List<String> lines = Files.readAllLines(pidFile);
      Path password = pidFile.resolve("../../password").normalize();
      String host = lines.get(5).isBlank() ? "localhost" : lines.get(5).strip();
      return new Rows(
          "postgresql://" + host + ":" + lines.get(3).strip() + "/postgres",
          "postgres",
          Files.readString(password).strip());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The rows that a query finds, as text. */
  public List<List<String>> query(String sql) {
    Properties login = new Properties();
    login.put("user", user);
    login.put("password", password);
    login.put("connectTimeout", "30");
    login.put("socketTimeout", "60");
    try (Connection connection = DriverManager.getConnection("jdbc:" + url, login);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException failed) {
      throw new IllegalStateException(url + ": " + failed.getMessage(), failed);
    }
  }
}
