package io.smartnodes.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds TCP ports on the loopback interface that nobody listens on at this moment. They lie below
 * those that the system gives to outgoing connections, so that none of these takes one while its
 * owner starts slowly, or is stopped for a while.
 */
public final class FreePorts {
  private static final int LEAST = 18_000;
  private static final int MOST = 32_000;
  private static final int ATTEMPTS = 1_000;

  private FreePorts() {}

  /** One free port. It is released before the caller binds it, so a race is possible but rare. */
  public static int one() {
    return many(1).getFirst();
  }

  /** Distinct free ports, all held at once while they are picked so that none comes twice. */
  public static List<Integer> many(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(hold());
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  private static ServerSocket hold() throws IOException {
    IOException last = new IOException("no port was tried");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException taken) {
        last = taken;
      }
    }
    throw last;
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a probed port could not be released", e);
    }
  }
}
