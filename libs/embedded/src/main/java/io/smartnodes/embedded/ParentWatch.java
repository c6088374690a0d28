package io.smartnodes.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends a child JVM when its parent dies, also by {@code kill -9}: the parent holds the writing end
 * of the child's standard input, and the kernel closes it with the parent.
 */
public final class ParentWatch {
  /** System property that {@link ChildProcess} sets on the JVMs it starts. */
  public static final String PROPERTY = "smartnodes.parent-watch";

  private static final Duration ORDERLY_EXIT = Duration.ofSeconds(10);

  private ParentWatch() {}

  /**
   * Starts watching; call it first in {@code main}. Does nothing in a process that was not started
   * by {@link ChildProcess}, since a service's standard input is often closed from the start. An
   * orderly exit gets ten seconds, then the process halts.
   */
  public static void exitWhenParentDies() {
    if (!"stdin".equals(System.getProperty(PROPERTY))) {
      return;
    }
    Thread.ofPlatform().daemon().name("parent-watch").start(ParentWatch::watch);
  }

  private static void watch() {
    awaitEndOf(System.in);
    Thread.ofPlatform().daemon().name("parent-watch-halt").start(ParentWatch::haltLater);
    System.exit(0);
  }

  private static void awaitEndOf(InputStream input) {
    try {
      input.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe says the same as its end: nobody holds the other side any more.
      System.err.println("parent-watch: " + e.getMessage());
    }
  }

  private static void haltLater() {
    try {
      Thread.sleep(ORDERLY_EXIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
