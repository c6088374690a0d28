package io.smartnodes.wasm;

import io.smartnodes.wasm.wasi.Preview1;
import java.util.Optional;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.TypeSection;

/**
 * What a parsed module must be to run as a unit: a WASI preview 1 command that needs nothing but
 * what {@link Preview1} offers, with one memory of its own, and without the parts of WebAssembly
 * whose use of memory we cannot bound (garbage-collected types) or that are not for one thread.
 */
final class ModuleRules {
  /** Entries of a table, at its start and after growth; part of the protocol. */
  static final long MAX_TABLE_ENTRIES = 1 << 18;

  private static final int MAX_TABLES = 4;
  private static final int MAX_FUNCTIONS = 200_000;

  private ModuleRules() {}

  /** Why the module cannot run; empty when it can. */
  static Optional<String> objection(WasmModule module, ModuleLimits limits) {
    return imports(module)
        .or(() -> entry(module))
        .or(() -> memory(module, limits))
        .or(() -> tables(module))
        .or(() -> types(module));
  }

  private static Optional<String> imports(WasmModule module) {
    for (Import wanted : module.importSection().stream().toList()) {
      String name = wanted.module() + "." + wanted.name();
      Optional<Preview1> offered =
          wanted.module().equals(Preview1.MODULE)
              ? Preview1.named(wanted.name())
              : Optional.empty();
      if (offered.isEmpty() || !(wanted instanceof FunctionImport function)) {
        return Optional.of("it imports " + name + ", which is not offered");
      }
      if (!type(module, function.typeIndex()).equals(Optional.of(offered.get().type()))) {
        return Optional.of("it imports " + name + " with a wrong type");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> entry(WasmModule module) {
    Optional<Export> start = export(module, "_start", ExternalType.FUNCTION);
    if (start.isEmpty()) {
      return Optional.of("it exports no function _start: not a WASI command");
    }
    int imported = module.importSection().count(ExternalType.FUNCTION);
    int index = start.get().index();
    Optional<FunctionType> type =
        index < imported
            ? Optional.empty()
            : type(module, module.functionSection().getFunctionType(index - imported));
    return type.equals(Optional.of(FunctionType.empty()))
        ? Optional.empty()
        : Optional.of("_start takes or returns values, or is an import");
  }

  private static Optional<String> memory(WasmModule module, ModuleLimits limits) {
    if (module.memorySection().map(section -> section.memoryCount()).orElse(0) != 1) {
      return Optional.of("it has not exactly one memory of its own");
    }
    if (export(module, "memory", ExternalType.MEMORY).isEmpty()) {
      return Optional.of("it does not export its memory");
    }
    MemoryLimits memory = module.memorySection().orElseThrow().getMemory(0).limits();
    if (memory.shared()) {
      return Optional.of("its memory is shared between threads");
    }
    return memory.initialPages() > limits.maxMemoryPages()
        ? Optional.of("it starts with more than " + limits.maxMemoryPages() + " pages of memory")
        : Optional.empty();
  }

  private static Optional<String> tables(WasmModule module) {
    if (module.tableSection().tableCount() > MAX_TABLES) {
      return Optional.of("it has more than " + MAX_TABLES + " tables");
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      if (module.tableSection().getTable(i).limits().min() > MAX_TABLE_ENTRIES) {
        return Optional.of("it has a table of more than " + MAX_TABLE_ENTRIES + " entries");
      }
    }
    return module.functionSection().functionCount() > MAX_FUNCTIONS
        ? Optional.of("it has more than " + MAX_FUNCTIONS + " functions")
        : Optional.empty();
  }

  private static Optional<String> types(WasmModule module) {
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      if (type(module, i).isEmpty()) {
        return Optional.of("it has garbage-collected types");
      }
    }
    return module.tagSection().isPresent()
        ? Optional.of("it has exception tags")
        : Optional.empty();
  }

  private static Optional<FunctionType> type(WasmModule module, int index) {
    TypeSection types = module.typeSection();
    return index < 0 || index >= types.subTypeCount()
        ? Optional.empty()
        : Optional.ofNullable(types.getSubType(index).compType().funcType());
  }

  private static Optional<Export> export(WasmModule module, String name, ExternalType type) {
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.name().equals(name)) {
        return export.exportType() == type ? Optional.of(export) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
