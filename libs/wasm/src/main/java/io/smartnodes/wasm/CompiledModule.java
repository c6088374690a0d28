package io.smartnodes.wasm;

import java.util.function.Function;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.runtime.TableInstance;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/**
 * A module that the {@link Engine} has accepted. It runs interpreted until its compiled form is
 * ready; both give the same results. Safe to share between threads.
 */
public final class CompiledModule {

  /** How the next run would execute. */
  public enum Mode {
    /** Interpreted, and compiled in the background. */
    WARMING,
    /** As JVM byte code. */
    COMPILED,
    /** Interpreted for good: the compiler could not cope with it, or is off. */
    INTERPRETED
  }

  private final Blob sha256;
  private final WasmModule parsed;
  private final MemoryLimits memory;
  private volatile Mode mode = Mode.WARMING;
  private volatile Function<Instance, Machine> machines = InterpreterMachine::new;

  CompiledModule(Blob sha256, WasmModule parsed) {
    this.sha256 = sha256;
    this.parsed = parsed;
    this.memory = parsed.memorySection().orElseThrow().getMemory(0).limits();
  }

  /** SHA-256 of the binary. */
  public Blob sha256() {
    return sha256;
  }

  public Mode mode() {
    return mode;
  }

  WasmModule parsed() {
    return parsed;
  }

  /** The memory that it starts with, and the most that it asks for, in pages. */
  MemoryLimits memory() {
    return memory;
  }

  Function<Instance, Machine> machines() {
    return machines;
  }

  /**
   * A table for one instance. The engine's own would grow the limits of the shared module, and the
   * next instance would start with a larger table than the first: every table gets its own copy.
   */
  static TableInstance table(Table declared, int initial) {
    TableLimits limits = declared.limits();
    TableLimits own =
        new TableLimits(limits.min(), Math.min(limits.max(), ModuleRules.MAX_TABLE_ENTRIES));
    return new TableInstance(
        new Table(declared.elementType(), own, declared.initialize()), initial);
  }

  void compiled(Function<Instance, Machine> factory) {
    machines = factory;
    mode = Mode.COMPILED;
  }

  void staysInterpreted() {
    mode = Mode.INTERPRETED;
  }
}
