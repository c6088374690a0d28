package io.smartnodes.events.signal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Gives signals to one handler, one after the other; what does not fit is lost. */
final class Mailbox implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Mailbox.class);

  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(1_000);
  private final Consumer<String> handler;
  private final Thread thread;

  Mailbox(String name, Consumer<String> handler) {
    this.handler = handler;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  void put(String key) {
    if (!waiting.offer(key)) {
      LOG.debugf("a signal is lost: %s is slow", thread.getName());
    }
  }

  private void run() {
    try {
      while (true) {
        String key = waiting.take();
        try {
          handler.accept(key);
        } catch (RuntimeException e) {
          LOG.errorf(e, "the handler of %s failed", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      LOG.debugf("%s stopped", thread.getName());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
