package io.smartnodes.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells whether a started process can serve. */
@FunctionalInterface
public interface ReadyProbe {
  /** True once the process serves; false or an {@link IOException} mean "not yet". */
  boolean ready() throws IOException, InterruptedException;

  /** Ready when a GET of the address answers 200, as a health endpoint does. */
  static ReadyProbe http(URI address) {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest get = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
    return () -> client.send(get, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }

  /** Ready when a JSON-RPC node answers {@code eth_chainId}. */
  static ReadyProbe ethereumNode(URI address) {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest ask =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"))
            .build();
    return () ->
        client.send(ask, HttpResponse.BodyHandlers.ofString()).body().contains("\"result\"");
  }

  /** Ready when a line of the log matches. */
  static ReadyProbe logLine(Path log, Pattern pattern) {
    return () -> {
      if (!Files.exists(log)) {
        return false;
      }
      try (Stream<String> lines = Files.lines(log)) {
        return lines.anyMatch(line -> pattern.matcher(line).find());
      }
    };
  }
}
