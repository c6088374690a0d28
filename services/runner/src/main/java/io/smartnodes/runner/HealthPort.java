package io.smartnodes.runner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Answers {@code GET /q/health/live}, {@code ready} and {@code started} for those who cannot ask
 * over the socket, with 200 or 503, and 404 to everything else. One request a connection; no more
 * of it is read than says what it asks for.
 */
final class HealthPort {
  private static final Logger LOG = System.getLogger("runner");
  private static final int BACKLOG = 16;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int LONGEST_REQUEST = 8_192;
  private static final Set<String> ASKED =
      Set.of("GET /q/health/live", "GET /q/health/ready", "GET /q/health/started");

  private HealthPort() {}

  /** Answers as long as the process lives. */
  static void start(String host, int port, BooleanSupplier serves) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(host, port), BACKLOG);
    Thread.ofPlatform().daemon().name("health").start(() -> listen(server, serves));
  }

  private static void listen(ServerSocket server, BooleanSupplier serves) {
    while (true) {
      try {
        Socket caller = server.accept();
        Thread.ofVirtual().name("health").start(() -> answer(caller, serves));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "a health probe was not heard: {0}", e.getMessage());
      }
    }
  }

  private static void answer(Socket caller, BooleanSupplier serves) {
    try (caller) {
      caller.setSoTimeout(PATIENCE_MILLIS);
      String request = head(caller.getInputStream());
      String[] words = request.split(" ", 3);
      boolean known = words.length == 3 && ASKED.contains(words[0] + " " + words[1]);
      boolean up = known && serves.getAsBoolean();
      String body = up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}";
      String status = up ? "200 OK" : known ? "503 Service Unavailable" : "404 Not Found";
      String response =
          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(status, body.length(), body);
      caller.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a health probe went away: {0}", e.getMessage());
    }
  }

  /** Up to the empty line that ends the head. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    while (newlines < 2 && head.size() < LONGEST_REQUEST) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.write(next);
      newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
    }
    return head.toString(StandardCharsets.US_ASCII);
  }
}
