package io.smartnodes.wasm.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;

/**
 * The world of one run of one unit; made for it, used by one thread, then thrown away.
 *
 * <p>{@link ProcessExit} and {@link OutputTooLarge} leave the imports as exceptions: the engine
 * offers no other way out of a running program.
 */
public final class DeterministicWasi {
  private static final byte[] PROGRAM = "unit\0".getBytes(StandardCharsets.US_ASCII);

  private final Streams streams;
  private final DeterministicClock clock = new DeterministicClock();
  private final RandomStream random;
  private final Polling polling;

  /**
   * A world with this input.
   *
   * @param input stdin, not copied: leave it unchanged during the run
   * @param seed 32 bytes, the unit's id
   * @param maxOutput the most bytes of stdout; more throws {@link OutputTooLarge}
   */
  public DeterministicWasi(byte[] input, byte[] seed, int maxOutput) {
    this.streams = new Streams(input, maxOutput);
    this.random = new RandomStream(seed);
    this.polling = new Polling(clock, streams);
  }

  /** What the program has written to stdout. */
  public byte[] output() {
    return streams.output();
  }

  /** The beginning of what it has written to stderr, as one line of printable ASCII. */
  public String complaints() {
    return streams.complaints();
  }

  /** All functions of {@link Preview1}, bound to this world. */
  public ImportValues imports() {
    ImportFunction[] functions =
        Arrays.stream(Preview1.values()).map(this::bind).toArray(ImportFunction[]::new);
    return ImportValues.builder().addFunction(functions).build();
  }

  private ImportFunction bind(Preview1 function) {
    boolean answers = function != Preview1.PROC_EXIT;
    return new HostFunction(
        Preview1.MODULE,
        function.wasmName(),
        function.type(),
        (instance, arguments) -> {
          Call call = new Call(new GuestMemory(instance.memory()), arguments);
          if (!answers) {
            throw new ProcessExit(call.number(0));
          }
          return new long[] {answer(function, call)};
        });
  }

  /** The arguments of a call, as signed numbers, or as addresses and lengths. */
  private static final class Call {
    private final GuestMemory memory;
    private final long[] arguments;

    Call(GuestMemory memory, long[] arguments) {
      this.memory = memory;
      this.arguments = arguments;
    }

    GuestMemory memory() {
      return memory;
    }

    int number(int i) {
      return (int) arguments[i];
    }

    long address(int i) {
      return Integer.toUnsignedLong((int) arguments[i]);
    }
  }

  private int answer(Preview1 function, Call call) {
    return switch (function) {
      case ARGS_GET -> arguments(call);
      case ARGS_SIZES_GET -> pair(call, 1, PROGRAM.length);
      case ENVIRON_GET, SCHED_YIELD -> Errno.SUCCESS;
      case ENVIRON_SIZES_GET -> pair(call, 0, 0);
      case CLOCK_RES_GET, CLOCK_TIME_GET -> time(function, call);
      case FD_CLOSE -> streams.close(call.number(0));
      case FD_FDSTAT_GET -> streams.stat(call.memory(), call.number(0), call.address(1));
      case FD_FDSTAT_SET_FLAGS -> streams.ifOpen(call.number(0), Errno.SUCCESS);
      case FD_FILESTAT_GET -> streams.fileStat(call.memory(), call.number(0), call.address(1));
      case FD_READ ->
          streams.read(
              call.memory(), call.number(0), call.address(1), call.address(2), call.address(3));
      case FD_WRITE ->
          streams.write(
              call.memory(), call.number(0), call.address(1), call.address(2), call.address(3));
      case FD_PRESTAT_GET, FD_PRESTAT_DIR_NAME -> Errno.BADF;
      case FD_ADVISE, FD_ALLOCATE, FD_PREAD, FD_PWRITE, FD_SEEK, FD_TELL ->
          streams.ifOpen(call.number(0), Errno.SPIPE);
      case FD_DATASYNC, FD_SYNC, FD_FILESTAT_SET_SIZE, FD_FILESTAT_SET_TIMES ->
          streams.ifOpen(call.number(0), Errno.INVAL);
      case FD_FDSTAT_SET_RIGHTS, FD_RENUMBER -> streams.ifOpen(call.number(0), Errno.NOTSUP);
      case FD_READDIR,
          PATH_CREATE_DIRECTORY,
          PATH_FILESTAT_GET,
          PATH_FILESTAT_SET_TIMES,
          PATH_LINK,
          PATH_OPEN,
          PATH_READLINK,
          PATH_REMOVE_DIRECTORY,
          PATH_RENAME,
          PATH_UNLINK_FILE ->
          streams.ifOpen(call.number(0), Errno.NOTDIR);
      case PATH_SYMLINK -> streams.ifOpen(call.number(2), Errno.NOTDIR);
      case POLL_ONEOFF ->
          polling.poll(
              call.memory(), call.address(0), call.address(1), call.address(2), call.address(3));
      case RANDOM_GET -> random(call);
      case PROC_RAISE, PROC_EXIT -> Errno.NOTSUP;
      case SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN ->
          streams.ifOpen(call.number(0), Errno.NOTSOCK);
    };
  }

  private static int pair(Call call, int first, int second) {
    call.memory().u32(call.address(0), first);
    call.memory().u32(call.address(1), second);
    return Errno.SUCCESS;
  }

  private static int arguments(Call call) {
    call.memory().u32(call.address(0), call.number(1));
    call.memory().write(call.address(1), PROGRAM);
    return Errno.SUCCESS;
  }

  private int time(Preview1 function, Call call) {
    if (!DeterministicClock.knows(call.number(0))) {
      return Errno.INVAL;
    }
    if (function == Preview1.CLOCK_RES_GET) {
      call.memory().u64(call.address(1), DeterministicClock.RESOLUTION_NANOS);
    } else {
      call.memory().u64(call.address(2), clock.read());
    }
    return Errno.SUCCESS;
  }

  private int random(Call call) {
    call.memory().check(call.address(0), call.address(1));
    byte[] bytes = new byte[call.number(1)];
    random.fill(bytes);
    call.memory().write(call.address(0), bytes);
    return Errno.SUCCESS;
  }
}
