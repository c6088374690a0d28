package io.smartnodes.cli.demo;

import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.process.LocalValidator;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What befalls the network while the job runs. */
final class Trouble {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final LocalNetwork network;
  private final DemoOptions options;
  private final Terminal terminal;
  private final Random chance;
  private volatile boolean over;
  private final Set<Address> killed = ConcurrentHashMap.newKeySet();

  Trouble(LocalNetwork network, DemoOptions options, Terminal terminal) {
    this.network = network;
    this.options = options;
    this.terminal = terminal;
    this.chance = new Random(options.plan().seed());
  }

  /** Begins when the first unit is done; a job without any result is left alone. */
  void during(JobWatch watch, Address home) {
    try {
      if (!watch.working().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
      if (over) {
        return;
      }
      if (options.killValidator()) {
        killOne(home);
      }
      options.meanwhile().happen(network, terminal);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** The job has ended: without a result there is nothing left to disturb. */
  void jobEnded(JobWatch watch) {
    if (watch.working().getCount() > 0) {
      over = true;
      watch.working().countDown();
    }
  }

  private void killOne(Address home) {
    List<LocalValidator> others =
        network.validators().stream().filter(v -> !v.operator().equals(home)).toList();
    LocalValidator victim = others.get(chance.nextInt(others.size()));
    killed.add(victim.operator());
    victim.killHard();
    terminal.line("  killed " + victim.name() + " (kill -9) while the job runs");
  }

  /** Operators whose validator was killed and stays dead. */
  Set<Address> killed() {
    return Set.copyOf(killed);
  }
}
