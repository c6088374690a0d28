package io.smartnodes.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Answers {@code GET /q/health/live} and {@code /q/health/ready} for those who cannot ask over the
 * socket, with 200 or 503, and nothing else.
 */
final class HealthPort implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();

  private HealthPort(InetSocketAddress address, BooleanSupplier serves) throws IOException {
    this.server = HttpServer.create(address, 16);
    server.setExecutor(answers);
    server.createContext("/", exchange -> answer(exchange, 404));
    for (String name : new String[] {"started", "live", "ready"}) {
      server.createContext(
          "/q/health/" + name, exchange -> answer(exchange, serves.getAsBoolean() ? 200 : 503));
    }
  }

  static HealthPort start(String host, int port, BooleanSupplier serves) throws IOException {
    HealthPort started = new HealthPort(new InetSocketAddress(host, port), serves);
    started.server.start();
    return started;
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

  @Override
  public void close() {
    server.stop(0);
    answers.shutdownNow();
  }
}
