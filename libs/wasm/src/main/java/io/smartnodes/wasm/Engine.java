package io.smartnodes.wasm;

import io.smartnodes.wasm.ModuleCheck.Accepted;
import io.smartnodes.wasm.ModuleCheck.Unreadable;
import io.smartnodes.wasm.check.CompileCost;
import io.smartnodes.wasm.check.Preflight;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/**
 * Checks modules and turns them into JVM byte code, once each: the most recently used stay in
 * memory. Small modules are compiled before {@link #compile} returns; large ones run interpreted
 * while one background thread compiles them. Safe for use by many threads.
 */
public final class Engine implements AutoCloseable {

  /**
   * How the engine spends time and memory; never what a program computes.
   *
   * @param cachedModules modules kept in memory
   * @param cachedBytes the sum of their binaries; parsed they take many times as much
   * @param eagerCodeBytes up to this much code is compiled before {@code compile} returns
   * @param classDirectory where compiled modules survive a restart, writable by this process only
   */
  public record Settings(
      int cachedModules, long cachedBytes, int eagerCodeBytes, Optional<Path> classDirectory) {
    public static final Settings STANDARD =
        new Settings(16, 64L << 20, 256 << 10, Optional.empty());

    /** No compilation at all. */
    public static final Settings INTERPRETED = new Settings(16, 64L << 20, -1, Optional.empty());

    /** The same, with compiled modules kept on disk. */
    public Settings keepingClassesIn(Path directory) {
      return new Settings(cachedModules, cachedBytes, eagerCodeBytes, Optional.of(directory));
    }
  }

  /** Watches over compilations in the background, which a module may be made to draw out. */
  public interface Watch {
    /**
     * Called when one starts.
     *
     * @return called when it has ended
     */
    Runnable begin(String what);
  }

  private static final Logger LOG = System.getLogger(Engine.class.getName());

  private record Key(Blob sha256, ModuleLimits limits) {}

  private record Entry(CompletableFuture<ModuleCheck> check, int bytes) {}

  private final Settings settings;
  private final Watch watch;
  private final Optional<ClassCache> classes;
  private final Map<Key, Entry> recent = new LinkedHashMap<>(16, 0.75f, true);
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("wasm-compiler").factory());

  public Engine() {
    this(Settings.STANDARD);
  }

  /** Nobody watches. */
  public Engine(Settings settings) {
    this(settings, what -> () -> {});
  }

  public Engine(Settings settings, Watch watch) {
    this.settings = settings;
    this.watch = watch;
    this.classes = settings.classDirectory().map(ClassCache::new);
  }

  /**
   * Checks this binary; blocking, up to some seconds for a large one. Never throws for its content.
   */
  public ModuleCheck compile(byte[] wasm, ModuleLimits limits) {
    if (wasm.length > limits.maxBytes()) {
      return new Unreadable("larger than " + limits.maxBytes() + " bytes");
    }
    Key key = new Key(sha256(wasm), limits);
    Entry entry;
    boolean first;
    synchronized (recent) {
      first = !recent.containsKey(key);
      entry = recent.computeIfAbsent(key, k -> new Entry(new CompletableFuture<>(), wasm.length));
      evict();
    }
    if (first) {
      checkOnce(key, wasm.clone(), entry.check());
    }
    return entry.check().join();
  }

  /** Completes what other callers with the same binary wait for; a defect of ours is not kept. */
  private void checkOnce(Key key, byte[] wasm, CompletableFuture<ModuleCheck> check) {
    try {
      check.complete(BigStack.start("wasm-check", () -> check(key, wasm)).result().join());
    } catch (CompletionException broken) {
      synchronized (recent) {
        recent.remove(key);
      }
      check.completeExceptionally(broken.getCause());
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
  }

  private void evict() {
    long bytes = recent.values().stream().mapToLong(Entry::bytes).sum();
    Iterator<Entry> eldest = recent.values().iterator();
    while (recent.size() > 1
        && (recent.size() > settings.cachedModules() || bytes > settings.cachedBytes())) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }

  private ModuleCheck check(Key key, byte[] wasm) {
    Preflight.Finding finding = Preflight.of(wasm);
    if (finding.objection().isPresent()) {
      return new Unreadable(finding.objection().get());
    }
    WasmModule parsed;
    try {
      parsed = Parser.parse(wasm);
      Optional<String> objection = ModuleRules.objection(parsed, key.limits());
      if (objection.isPresent()) {
        return new Unreadable(objection.get());
      }
    } catch (RuntimeException | AssertionError e) {
      // The parser throws whatever its reading of hostile bytes runs into.
      return new Unreadable("malformed: " + e.getMessage());
    } catch (StackOverflowError | OutOfMemoryError e) {
      return new Unreadable("too complex to read");
    }
    CompiledModule module = new CompiledModule(key.sha256(), parsed);
    if (settings.eagerCodeBytes() < 0 || !CompileCost.isBearable(parsed)) {
      module.staysInterpreted();
    } else if (finding.codeBytes() <= settings.eagerCodeBytes() || onDisk(parsed)) {
      translate(module);
    } else {
      background.execute(() -> translateInBackground(module));
    }
    return new Accepted(module);
  }

  private boolean onDisk(WasmModule parsed) {
    return classes.filter(cache -> cache.holds(parsed.digest())).isPresent();
  }

  private void translateInBackground(CompiledModule module) {
    Runnable ended = watch.begin("compiling module " + module.sha256());
    try {
      BigStack.start("wasm-compile", () -> translate(module)).result().join();
    } finally {
      ended.run();
    }
  }

  private CompiledModule translate(CompiledModule module) {
    try {
      module.compiled(machines(module.parsed()));
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      LOG.log(Level.WARNING, "module " + module.sha256() + " stays interpreted", e);
      module.staysInterpreted();
    }
    return module;
  }

  private Function<Instance, Machine> machines(WasmModule parsed) {
    if (onDisk(parsed)) {
      try {
        return compiler(parsed).withCache(classes.orElseThrow()).compile();
      } catch (RuntimeException | LinkageError e) {
        LOG.log(Level.WARNING, "a compiled module on disk does not load; compiling again", e);
        classes.orElseThrow().discard(parsed.digest());
      }
    }
    MachineFactoryCompiler.Builder compiler = compiler(parsed);
    classes.ifPresent(compiler::withCache);
    return compiler.compile();
  }

  private static MachineFactoryCompiler.Builder compiler(WasmModule parsed) {
    return MachineFactoryCompiler.builder(parsed)
        .withInterpreterFallback(InterpreterFallback.SILENT);
  }

  private static Blob sha256(byte[] wasm) {
    try {
      return Blob.of(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
