package io.smartnodes.cli.terminal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
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

  /** Prints a value as JSON on standard output. */
  public void print(Object value) throws IOException {
    System.out.println(JSON.writeValueAsString(value));
  }
}
