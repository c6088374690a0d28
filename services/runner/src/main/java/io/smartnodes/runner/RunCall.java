package io.smartnodes.runner;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.smartnodes.proto.runner.v1.ModuleMissing;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.ModuleUnreadable;
import io.smartnodes.proto.runner.v1.RunEnded;
import io.smartnodes.proto.runner.v1.RunHead;
import io.smartnodes.proto.runner.v1.RunRequest;
import io.smartnodes.proto.runner.v1.RunResponse;
import io.smartnodes.proto.runner.v1.RunStarted;
import io.smartnodes.proto.runner.v1.TrapCause;
import io.smartnodes.proto.runner.v1.UnitCompleted;
import io.smartnodes.proto.runner.v1.UnitTrapped;
import io.smartnodes.proto.runner.v1.UnitUnavailable;
import io.smartnodes.wasm.CompiledModule;
import io.smartnodes.wasm.ModuleCheck;
import io.smartnodes.wasm.RunLimits;
import io.smartnodes.wasm.RunOutcome;
import io.smartnodes.wasm.UnitSeed;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One unit: takes head and input, runs it on a thread of its own, answers with output and end. */
final class RunCall implements StreamObserver<RunRequest> {
  private static final int MOST_INPUT = 16 << 20;
  private static final int CHUNK = 1 << 20;

  private final Shelf shelf;
  private final Units units;
  private final Outbound<RunResponse> outbound;
  private final ByteArrayOutputStream input = new ByteArrayOutputStream();
  private @Nullable RunHead head;
  private boolean refused;

  RunCall(Shelf shelf, Units units, Outbound<RunResponse> outbound) {
    this.shelf = shelf;
    this.units = units;
    this.outbound = outbound;
  }

  @Override
  public void onNext(RunRequest request) {
    switch (request.getMessageCase()) {
      case HEAD -> head = request.getHead();
      case INPUT -> {
        if (input.size() + request.getInput().size() > MOST_INPUT) {
          refuse("an input has at most " + MOST_INPUT + " bytes");
        } else {
          input.writeBytes(request.getInput().toByteArray());
        }
      }
      case MESSAGE_NOT_SET -> refuse("an empty message");
    }
  }

  @Override
  public void onCompleted() {
    RunHead asked = head;
    if (asked == null) {
      refuse("a run without a head");
    } else if (!refused) {
      Thread.ofVirtual().name("run").start(() -> run(asked));
    }
  }

  @Override
  public void onError(Throwable gone) {
    // The cancellation has interrupted the run already.
    refused = true;
  }

  private void refuse(String why) {
    if (!refused) {
      refused = true;
      outbound.fail(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
    }
  }

  private void run(RunHead asked) {
    try (Outbound.Work _ = outbound.begin()) {
      Hash hash = new Hash(asked.getModuleHash());
      Optional<ModuleCheck> found = shelf.find(hash);
      switch (found.orElse(null)) {
        case ModuleCheck.Accepted(CompiledModule module) -> run(asked, module);
        case ModuleCheck.Unreadable unreadable ->
            end(RunEnded.newBuilder().setModule(state(Optional.of(unreadable))));
        case null -> end(RunEnded.newBuilder().setModule(state(found)));
      }
    } catch (IllegalArgumentException wrong) {
      outbound.fail(
          Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException());
    } catch (InterruptedException gone) {
      // The client has gone; nobody is left to hear an answer.
      outbound.fail(Status.CANCELLED.asRuntimeException());
    } catch (RuntimeException defect) {
      outbound.failed("running a unit", defect);
    } catch (Error broken) {
      Ending.halt(Ending.BROKEN, "running a unit failed: " + broken);
    }
  }

  private void run(RunHead asked, CompiledModule module) throws InterruptedException {
    UnitSeed seed = UnitSeed.of(asked.getSeed().toByteArray());
    RunLimits limits =
        new RunLimits(
            asked.getMaxMemoryPages(),
            asked.getMaxOutputBytes(),
            Duration.ofMillis(asked.getWallClockMillis()));
    RunOutcome outcome =
        units.run(
            module,
            input.toByteArray(),
            seed,
            limits,
            () ->
                outbound.send(
                    RunResponse.newBuilder().setStarted(RunStarted.getDefaultInstance()).build()));
    if (Thread.interrupted()) {
      throw new InterruptedException("the client is gone");
    }
    RunEnded.Builder ended =
        RunEnded.newBuilder().setWarming(module.mode() == CompiledModule.Mode.WARMING);
    switch (outcome) {
      case RunOutcome.Completed completed -> {
        sendOutput(completed.output().toByteArray());
        end(ended.setCompleted(UnitCompleted.newBuilder().setFuel(completed.fuel())));
      }
      case RunOutcome.Trapped trapped ->
          end(
              ended.setTrapped(
                  UnitTrapped.newBuilder()
                      .setCause(cause(trapped.cause()))
                      .setExitCode(trapped.exitCode())
                      .setDetail(trapped.detail())));
      case RunOutcome.Unavailable unavailable ->
          end(ended.setUnavailable(UnitUnavailable.newBuilder().setReason(unavailable.reason())));
    }
  }

  private void sendOutput(byte[] output) throws InterruptedException {
    for (int from = 0; from < output.length; from += CHUNK) {
      int size = Math.min(CHUNK, output.length - from);
      outbound.send(
          RunResponse.newBuilder().setOutput(ByteString.copyFrom(output, from, size)).build());
    }
  }

  private void end(RunEnded.Builder ended) throws InterruptedException {
    outbound.send(RunResponse.newBuilder().setEnded(ended).build());
    outbound.complete();
  }

  private static TrapCause cause(RunOutcome.Cause cause) {
    return switch (cause) {
      case EXIT -> TrapCause.TRAP_CAUSE_EXIT;
      case TRAP -> TrapCause.TRAP_CAUSE_TRAP;
      case OUTPUT_TOO_LARGE -> TrapCause.TRAP_CAUSE_OUTPUT_TOO_LARGE;
    };
  }

  /** What the client hears about a module. */
  static ModuleState state(Optional<ModuleCheck> check) {
    ModuleState.Builder state = ModuleState.newBuilder();
    switch (check.orElse(null)) {
      case ModuleCheck.Accepted(CompiledModule module) ->
          state.getAcceptedBuilder().setWarming(module.mode() == CompiledModule.Mode.WARMING);
      case ModuleCheck.Unreadable(String reason) ->
          state.setUnreadable(ModuleUnreadable.newBuilder().setReason(reason));
      case null -> state.setMissing(ModuleMissing.getDefaultInstance());
    }
    return state.build();
  }
}
