package io.smartnodes.runner;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.smartnodes.proto.runner.v1.GetStatusRequest;
import io.smartnodes.proto.runner.v1.GetStatusResponse;
import io.smartnodes.proto.runner.v1.HasModuleRequest;
import io.smartnodes.proto.runner.v1.ModuleState;
import io.smartnodes.proto.runner.v1.PutModuleRequest;
import io.smartnodes.proto.runner.v1.RunRequest;
import io.smartnodes.proto.runner.v1.RunResponse;
import io.smartnodes.proto.runner.v1.RunnerGrpc;

/** What the runner serves to its one client. */
final class RunnerService extends RunnerGrpc.RunnerImplBase {
  private final Shelf shelf;
  private final Units units;

  RunnerService(Shelf shelf, Units units) {
    this.shelf = shelf;
    this.units = units;
  }

  @Override
  public void hasModule(HasModuleRequest request, StreamObserver<ModuleState> responses) {
    try {
      responses.onNext(RunCall.state(shelf.find(new Hash(request.getModuleHash()))));
      responses.onCompleted();
    } catch (IllegalArgumentException wrong) {
      responses.onError(
          Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()).asRuntimeException());
    }
  }

  @Override
  public StreamObserver<PutModuleRequest> putModule(StreamObserver<ModuleState> responses) {
    return new PutCall(shelf::put, new Outbound<>(responses));
  }

  @Override
  public StreamObserver<RunRequest> run(StreamObserver<RunResponse> responses) {
    return new RunCall(shelf, units, new Outbound<>(responses));
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
    responses.onNext(
        GetStatusResponse.newBuilder()
            .setPlaces(units.places())
            .setRunning(units.running())
            .setModules(shelf.size())
            .setProcessId(ProcessHandle.current().pid())
            .build());
    responses.onCompleted();
  }
}
