package io.smartnodes.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that owns a PostgreSQL and waits, so that a test can kill it. */
final class PostgresOwner {
  private PostgresOwner() {}

  public static void main(String[] args) throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), 0);
    System.out.println("owner is ready on port " + postgres.port());
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
