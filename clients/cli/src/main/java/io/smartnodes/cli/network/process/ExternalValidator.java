package io.smartnodes.cli.network.process;

import io.smartnodes.crypto.NodeKey;
import io.smartnodes.sdk.Bootstrap;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A validator that is started, asked and ended through {@link Elsewhere}. */
public final class ExternalValidator implements LocalValidator {
  private static final Duration START = Duration.ofMinutes(20);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Elsewhere elsewhere;
  private final Starting starting;
  private volatile Founder founder;
  private volatile boolean alive;

  /** One that is not started yet. */
  public ExternalValidator(Founder founder, Elsewhere elsewhere) {
    this.founder = founder;
    this.elsewhere = elsewhere;
    this.starting = new Starting(founder.name());
  }

  @Override
  public Founder founder() {
    return founder;
  }

  @Override
  public Bootstrap bootstrap() {
    return new Bootstrap(founder.peer(), elsewhere.address());
  }

  @Override
  public void rotate(NodeKey node) {
    founder = founder.with(node);
  }

  @Override
  public void start(Surroundings around, List<Bootstrap> others) throws IOException {
    founder.write(around.password());
    alive = true;
    starting.begin(() -> elsewhere.start(founder, around, others));
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  @Override
  public void awaitReady() {
    long end = System.nanoTime() + START.toNanos();
    starting.await(START);
    String last = "it says that it is not";
    while (System.nanoTime() < end) {
      try {
        if (elsewhere.isReady()) {
          return;
        }
        Thread.sleep(POLL);
      } catch (IOException | IllegalStateException notYet) {
        last = notYet.toString();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + name(), interrupted);
      }
    }
    throw new IllegalStateException(
        name() + " was not ready in " + START.toSeconds() + " s: " + last);
  }

  @Override
  public void killHard() {
    alive = false;
    elsewhere.killHard();
  }

  @Override
  public void stop() {
    if (alive) {
      alive = false;
      starting.cancel();
      elsewhere.stop();
    }
  }

  @Override
  public List<Part> parts() {
    return List.of();
  }
}
