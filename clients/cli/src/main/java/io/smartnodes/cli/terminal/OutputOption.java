package io.smartnodes.cli.terminal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a command answers. */
public final class OutputOption {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format = Format.TEXT;

  /** What for: people or machines. */
  public enum Format {
    TEXT,
    JSON
  }

  /** Whether a machine reads. */
  public boolean isJson() {
    return format == Format.JSON;
  }

  /** Where people read of the progress: standard output, unless a machine reads that. */
  public Terminal terminal() {
    return isJson() ? Terminal.error() : Terminal.standard(false);
  }

  /** Prints an answer: as JSON, or a line per field. */
  public void show(Map<String, ?> answer) throws IOException {
    if (isJson()) {
      print(answer);
      return;
    }
    int width = answer.keySet().stream().mapToInt(String::length).max().orElse(0);
    answer.forEach((name, value) -> {
      String start = name + " ".repeat(width - name.length() + 2);
      if (value instanceof List<?> list) {
        for (Object one : list) {
          System.out.println(start + line(one));
          start = " ".repeat(width + 2);
        }
      } else {
        System.out.println(start + value);
      }
    });
  }

  private static String line(Object value) {
    return value instanceof Map<?, ?> map
        ? map.values().stream().map(String::valueOf).collect(Collectors.joining("  "))
        : String.valueOf(value);
  }

  /** Prints a value as JSON on standard output. */
  public void print(Object value) throws IOException {
    System.out.println(JSON.writeValueAsString(value));
  }
}
