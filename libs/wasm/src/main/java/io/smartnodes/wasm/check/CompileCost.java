package io.smartnodes.wasm.check;

import java.util.ArrayDeque;
import java.util.Deque;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Estimates what compiling a module costs. The compiler notes for every branch target each value on
 * the operand stack, so that a small module with ten thousand values on it and as many branches
 * would fill any memory. Programs as compilers make them stay far below the bound; what is above
 * runs interpreted.
 *
 * <p>The depth is followed instruction by instruction and may come out too high in code that is
 * never reached; SIMD counts as if it removed nothing.
 */
public final class CompileCost {
  private static final long MOST = 20_000_000;
  private static final int NO_TYPE = 0x40;

  private final WasmModule module;
  private final Deque<Integer> outer = new ArrayDeque<>();
  private final Deque<Integer> results = new ArrayDeque<>();
  private long cost;
  private int depth;

  private CompileCost(WasmModule module) {
    this.module = module;
  }

  /** Whether the module may be given to the compiler. */
  public static boolean isBearable(WasmModule module) {
    CompileCost estimate = new CompileCost(module);
    for (FunctionBody body : module.codeSection().functionBodies()) {
      estimate.depth = 0;
      estimate.outer.clear();
      estimate.results.clear();
      for (AnnotatedInstruction instruction : body.instructions()) {
        estimate.follow(instruction);
        if (estimate.cost > MOST) {
          return false;
        }
      }
    }
    return true;
  }

  private void follow(AnnotatedInstruction instruction) {
    OpCode opcode = instruction.opcode();
    switch (opcode) {
      case BLOCK, LOOP, IF -> {
        depth += opcode == OpCode.IF ? -1 : 0;
        FunctionType type = blockType((int) instruction.operand(0));
        outer.push(Math.max(0, depth - type.params().size()));
        results.push(type.returns().size());
        cost += depth;
      }
      case ELSE -> depth = outer.isEmpty() ? 0 : outer.getFirst();
      case END -> depth = outer.isEmpty() ? 0 : outer.pop() + results.pop();
      case BR -> cost += depth;
      case BR_IF -> cost += --depth;
      case BR_TABLE -> cost += (long) --depth * instruction.operandCount();
      case CALL, RETURN_CALL -> call(functionType((int) instruction.operand(0)));
      case CALL_INDIRECT, RETURN_CALL_INDIRECT -> {
        depth--;
        call(module.typeSection().getType((int) instruction.operand(0)));
      }
      default -> depth += effect(opcode.opcode());
    }
    depth = Math.max(0, depth);
  }

  private void call(FunctionType type) {
    depth += type.returns().size() - type.params().size();
  }

  private FunctionType functionType(int index) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    return module
        .typeSection()
        .getType(
            index < imported
                ? ((FunctionImport) module.importSection().getImport(index)).typeIndex()
                : module.functionSection().getFunctionType(index - imported));
  }

  private FunctionType blockType(int type) {
    if (type == NO_TYPE) {
      return FunctionType.empty();
    }
    return ValType.isValid(type)
        ? FunctionType.returning(ValType.I64)
        : module.typeSection().getType(type);
  }

  /** By how much an instruction changes the depth; the ranges are those of the binary format. */
  private static int effect(int opcode) {
    if (within(opcode, 0x41, 0x44)
        || opcode == 0x20
        || opcode == 0x23
        || opcode == 0x3F
        || opcode == 0xD0
        || opcode == 0xD2
        || opcode == 0xFD0C) {
      return 1;
    }
    if (opcode == 0x1B || opcode == 0x1C || within(opcode, 0x36, 0x3E)) {
      return -2;
    }
    boolean consumesOne =
        opcode == 0x1A
            || opcode == 0x21
            || opcode == 0x24
            || within(opcode, 0x46, 0x4F)
            || within(opcode, 0x51, 0x66)
            || within(opcode, 0x6A, 0x78)
            || within(opcode, 0x7C, 0x8A)
            || within(opcode, 0x92, 0x98)
            || within(opcode, 0xA0, 0xA6);
    return consumesOne ? -1 : 0;
  }

  private static boolean within(int opcode, int first, int last) {
    return opcode >= first && opcode <= last;
  }
}
