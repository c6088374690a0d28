package io.smartnodes.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.proto.runner.v1.ModuleHead;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.PutModuleRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a call that brings a module. */
class PutCallTest {

  @Test
  void aDefectThatAModuleMeetsIsAnAnswerAndNotTheRunnersDeath() {
    byte[] binary = {1, 2, 3};
    Answer answer = new Answer();
    PutCall call =
        new PutCall(
            (hash, bytes, interpret) -> {
              throw new IllegalStateException("a defect");
            },
            new Outbound<>(answer));

    call.onNext(
        PutModuleRequest.newBuilder()
            .setHead(
                ModuleHead.newBuilder()
                    .setModuleHash(
                        ByteString.copyFrom(Keccak.hash(Bytes.of(binary).toArray()).toArray())))
            .build());
    call.onNext(PutModuleRequest.newBuilder().setData(ByteString.copyFrom(binary)).build());
    call.onCompleted();

    Status status = Status.fromThrowable(answer.failure.join());
    assertThat(status.getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(status.getDescription()).contains("reading a module failed", "a defect");
  }

  /** A call that keeps its failure. */
  private static final class Answer extends ServerCallStreamObserver<ModuleState> {
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Override
    public void onError(Throwable why) {
      failure.complete(why);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnCancelHandler(@Nullable Runnable handler) {}

    @Override
    public void setOnReadyHandler(@Nullable Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void onNext(ModuleState state) {}

    @Override
    public void onCompleted() {}
  }
}
