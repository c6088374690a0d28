package io.smartnodes.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Answers {@code GET /q/health/live} and {@code /q/health/ready} for those who cannot ask over the
 * socket, with 200 or 503, and nothing else.
 */
final class HealthPort {
  private HealthPort() {}

  /** Answers as long as the process lives. */
  static void start(String host, int port, BooleanSupplier serves) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, 404));
    for (String name : new String[] {"started", "live", "ready"}) {
      server.createContext(
          "/q/health/" + name, exchange -> answer(exchange, serves.getAsBoolean() ? 200 : 503));
    }
    server.start();
  }

  private static void answer(HttpExchange exchange, int code) throws IOException {
    try (exchange) {
      byte[] body =
          (code == 200 ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}")
              .getBytes(StandardCharsets.US_ASCII);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
