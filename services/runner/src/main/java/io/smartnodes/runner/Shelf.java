package io.smartnodes.runner;

import io.smartnodes.wasm.Engine;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.ModuleLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The modules that this process holds, by their hash: the most recently used, within a bound. */
final class Shelf implements AutoCloseable {
  private static final int MOST_MODULES = 16;

  /** Parsed and compiled, a module takes many times the bytes of its binary. */
  private static final int HEAP_SHARE = 16;

  private static final Duration TIME_TO_READ = Duration.ofSeconds(60);

  /** Longer, since nobody waits for it and a slow machine may take its time. */
  private static final Duration TIME_TO_COMPILE = Duration.ofMinutes(3);

  private final long mostBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  private final Engine compiling;
  private final Engine interpreting;
  private final Ending ending;
  private final ReentrantLock reading = new ReentrantLock(true);
  private final Map<Hash, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Kept(ModuleCheck check, int size) {}

  Shelf(Optional<Path> classes, Ending ending) {
    Engine.Settings bounded =
        new Engine.Settings(
            MOST_MODULES, mostBytes, Engine.Settings.STANDARD.eagerCodeBytes(), classes);
    this.compiling = new Engine(bounded, what -> ending.within(TIME_TO_COMPILE, what)::close);
    this.interpreting = new Engine(Engine.Settings.INTERPRETED);
    this.ending = ending;
  }

  synchronized Optional<ModuleCheck> find(Hash hash) {
    return Optional.ofNullable(kept.get(hash)).map(Kept::check);
  }

  synchronized int size() {
    return kept.size();
  }

  /** Checks a module and keeps it, or the reason why it cannot run; one at a time. */
  ModuleCheck put(Hash hash, byte[] binary, boolean interpret) {
    reading.lock();
    try (Ending.Watched _ = ending.within(TIME_TO_READ, "reading module " + hash)) {
      ModuleCheck check =
          (interpret ? interpreting : compiling).compile(binary, ModuleLimits.STANDARD);
      keep(hash, new Kept(check, binary.length));
      return check;
    } finally {
      reading.unlock();
    }
  }

  private synchronized void keep(Hash hash, Kept module) {
    kept.put(hash, module);
    long bytes = kept.values().stream().mapToLong(Kept::size).sum();
    Iterator<Kept> eldest = kept.values().iterator();
    while (kept.size() > 1 && (kept.size() > MOST_MODULES || bytes > mostBytes)) {
      bytes -= eldest.next().size();
      eldest.remove();
    }
  }

  @Override
  public void close() {
    compiling.close();
    interpreting.close();
  }
}
