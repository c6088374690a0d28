package io.smartnodes.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between us and a server, and can fall silent as a machine does that loses its power: what
 * is connected stays connected, and nothing is heard on it ever again.
 */
final class SilentProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean silent;

  SilentProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on nothing passes; connections are taken, but nobody answers. */
  void fallSilent() {
    generation.incrementAndGet();
    silent = true;
  }

  /** New connections are answered again, the old ones never. */
  void comeBack() {
    silent = false;
  }

  private void accept() {
    while (true) {
      try {
        Socket near = server.accept();
        sockets.add(near);
        if (!silent) {
          Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
          sockets.add(far);
          int mine = generation.get();
          Thread.ofVirtual().start(() -> pass(near, far, mine));
          Thread.ofVirtual().start(() -> pass(far, near, mine));
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pass(Socket from, Socket to, int mine) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (mine == generation.get()) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
      // An end is something to hear, too.
      if (mine == generation.get()) {
        from.close();
        to.close();
      }
    } catch (IOException closed) {
      // One of the two has gone; the other is closed at the end.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
