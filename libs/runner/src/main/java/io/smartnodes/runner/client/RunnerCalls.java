package io.smartnodes.runner.client;

import com.google.protobuf.ByteString;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.runner.v1.GetStatusRequest;
import io.smartnodes.proto.runner.v1.GetStatusResponse;
import io.smartnodes.proto.runner.v1.HasModuleRequest;
import io.smartnodes.proto.runner.v1.ModuleHead;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.PutModuleRequest;
import io.smartnodes.proto.runner.v1.RunEnded;
import io.smartnodes.proto.runner.v1.RunHead;
import io.smartnodes.proto.runner.v1.RunRequest;
import io.smartnodes.proto.runner.v1.RunResponse;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.runner.client.RunnerLink.Life;
import io.smartnodes.wire.Fields;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The single calls to one life of the runner, without any second attempt. */
final class RunnerCalls {
  private static final int CHUNK = 1 << 20;
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** Above the time after which the runner ends itself over a module. */
  private static final Duration READING = Duration.ofSeconds(75);

  /** A wait for a place: the units before this one end by their own clocks. */
  private static final Duration PLACE = Duration.ofMinutes(10);

  /** What the runner may take to stop a unit whose time is over. */
  private static final Duration STOPPING = Duration.ofSeconds(8);

  private RunnerCalls() {}

  /** What a unit's run came to. */
  record Ran(RunEnded ended, Bytes output) {}

  /** A unit got no place for a long time. */
  static final class NoPlace extends Exception {
    private static final long serialVersionUID = 1;

    NoPlace() {
      super("no place in the runner was free for " + PLACE.toMinutes() + " minutes");
    }
  }

  /** Hears that the unit has its place, and counts as the cause of what happens from here. */
  interface Started {
    void started();
  }

  static ModuleState has(Life life, Bytes32 hash) throws StatusException {
    return life.stub()
        .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .hasModule(HasModuleRequest.newBuilder().setModuleHash(Fields.bytes(hash)).build());
  }

  static RunnerStatus status(Life life) throws StatusException {
    GetStatusResponse told =
        life.stub()
            .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
            .getStatus(GetStatusRequest.getDefaultInstance());
    return new RunnerStatus(
        told.getPlaces(), told.getRunning(), told.getModules(), told.getProcessId());
  }

  static ModuleState put(Life life, Bytes32 hash, byte[] binary, boolean interpret)
      throws StatusException, InterruptedException, TimeoutException {
    BlockingClientCall<PutModuleRequest, ModuleState> call = life.stub().putModule();
    try {
      call.write(
          PutModuleRequest.newBuilder()
              .setHead(
                  ModuleHead.newBuilder().setModuleHash(Fields.bytes(hash)).setInterpret(interpret))
              .build());
      for (int from = 0; from < binary.length; from += CHUNK) {
        int size = Math.min(CHUNK, binary.length - from);
        call.write(
            PutModuleRequest.newBuilder().setData(ByteString.copyFrom(binary, from, size)).build());
      }
      call.halfClose();
      return read(call, READING);
    } finally {
      call.cancel("over", null);
    }
  }

  static Ran run(
      Life life, Bytes32 hash, Bytes input, Bytes32 seed, Duration wallClock, Started started)
      throws StatusException, InterruptedException, TimeoutException, NoPlace {
    BlockingClientCall<RunRequest, RunResponse> call = life.stub().run();
    try {
      call.write(
          RunRequest.newBuilder()
              .setHead(
                  RunHead.newBuilder()
                      .setModuleHash(Fields.bytes(hash))
                      .setSeed(Fields.bytes(seed))
                      .setMaxMemoryPages(UnitLimits.MAX_MEMORY_PAGES)
                      .setMaxOutputBytes(UnitLimits.MAX_OUTPUT_BYTES)
                      .setWallClockMillis(wallClock.toMillis()))
              .build());
      byte[] bytes = input.toArray();
      for (int from = 0; from < bytes.length; from += CHUNK) {
        int size = Math.min(CHUNK, bytes.length - from);
        call.write(
            RunRequest.newBuilder().setInput(ByteString.copyFrom(bytes, from, size)).build());
      }
      call.halfClose();
      return answer(call, wallClock, started);
    } finally {
      call.cancel("over", null);
    }
  }

  private static Ran answer(
      BlockingClientCall<RunRequest, RunResponse> call, Duration wallClock, Started started)
      throws StatusException, InterruptedException, TimeoutException, NoPlace {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    RunResponse response = first(call);
    while (true) {
      switch (response.getMessageCase()) {
        case STARTED -> {
          started.started();
        }
        case OUTPUT -> output.writeBytes(response.getOutput().toByteArray());
        case ENDED -> {
          return new Ran(response.getEnded(), Bytes.of(output.toByteArray()));
        }
        case MESSAGE_NOT_SET -> throw new TimeoutException("the runner answers nonsense");
      }
      response = read(call, wallClock.plus(STOPPING));
    }
  }

  /** That the unit has its place, or that it never will. */
  private static RunResponse first(BlockingClientCall<RunRequest, RunResponse> call)
      throws StatusException, InterruptedException, TimeoutException, NoPlace {
    @Nullable RunResponse response;
    try {
      response = call.read(PLACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new NoPlace();
    }
    if (response == null) {
      throw new TimeoutException("the runner closed without an answer");
    }
    return response;
  }

  /** The next message; its absence is an answer that did not come. */
  private static <T> T read(BlockingClientCall<?, T> call, Duration patience)
      throws StatusException, InterruptedException, TimeoutException {
    @Nullable T message = call.read(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null) {
      throw new TimeoutException("the runner closed without an answer");
    }
    return message;
  }
}
