package io.smartnodes.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds TCP ports on the loopback interface that nobody listens on at this moment. */
public final class FreePorts {
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
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a probed port could not be released", e);
    }
  }
}
