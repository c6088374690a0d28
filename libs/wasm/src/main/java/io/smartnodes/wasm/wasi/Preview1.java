package io.smartnodes.wasm.wasi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * The functions of {@code wasi_snapshot_preview1}, all of them, with their WebAssembly types.
 *
 * <p>Each letter of a signature is a parameter: {@code i} is i32, {@code I} is i64. All but {@code
 * proc_exit} return an i32 error number.
 */
public enum Preview1 {
  ARGS_GET("ii"),
  ARGS_SIZES_GET("ii"),
  ENVIRON_GET("ii"),
  ENVIRON_SIZES_GET("ii"),
  CLOCK_RES_GET("ii"),
  CLOCK_TIME_GET("iIi"),
  FD_ADVISE("iIIi"),
  FD_ALLOCATE("iII"),
  FD_CLOSE("i"),
  FD_DATASYNC("i"),
  FD_FDSTAT_GET("ii"),
  FD_FDSTAT_SET_FLAGS("ii"),
  FD_FDSTAT_SET_RIGHTS("iII"),
  FD_FILESTAT_GET("ii"),
  FD_FILESTAT_SET_SIZE("iI"),
  FD_FILESTAT_SET_TIMES("iIIi"),
  FD_PREAD("iiiIi"),
  FD_PRESTAT_GET("ii"),
  FD_PRESTAT_DIR_NAME("iii"),
  FD_PWRITE("iiiIi"),
  FD_READ("iiii"),
  FD_READDIR("iiiIi"),
  FD_RENUMBER("ii"),
  FD_SEEK("iIii"),
  FD_SYNC("i"),
  FD_TELL("ii"),
  FD_WRITE("iiii"),
  PATH_CREATE_DIRECTORY("iii"),
  PATH_FILESTAT_GET("iiiii"),
  PATH_FILESTAT_SET_TIMES("iiiiIIi"),
  PATH_LINK("iiiiiii"),
  PATH_OPEN("iiiiiIIii"),
  PATH_READLINK("iiiiii"),
  PATH_REMOVE_DIRECTORY("iii"),
  PATH_RENAME("iiiiii"),
  PATH_SYMLINK("iiiii"),
  PATH_UNLINK_FILE("iii"),
  POLL_ONEOFF("iiii"),
  PROC_EXIT("i"),
  PROC_RAISE("i"),
  RANDOM_GET("ii"),
  SCHED_YIELD(""),
  SOCK_ACCEPT("iii"),
  SOCK_RECV("iiiiii"),
  SOCK_SEND("iiiii"),
  SOCK_SHUTDOWN("ii");

  /** The only module name that a unit's program may import from. */
  public static final String MODULE = "wasi_snapshot_preview1";

  private static final Map<String, Preview1> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Preview1::wasmName, Function.identity()));

  private final String signature;

  Preview1(String signature) {
    this.signature = signature;
  }

  /** The function of this import name; empty when there is none. */
  public static Optional<Preview1> named(String wasmName) {
    return Optional.ofNullable(BY_NAME.get(wasmName));
  }

  /** The name by which programs import it. */
  public String wasmName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The WebAssembly type that an import of it must have. */
  public FunctionType type() {
    List<ValType> parameters =
        signature.chars().mapToObj(letter -> letter == 'I' ? ValType.I64 : ValType.I32).toList();
    return FunctionType.of(parameters, this == PROC_EXIT ? List.of() : List.of(ValType.I32));
  }
}
