package io.smartnodes.worker;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.worker.v1.GetModuleRequest;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.OpenRequest;
import io.smartnodes.proto.worker.v1.Opening;
import io.smartnodes.proto.worker.v1.ProcessRequest;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;

/** What the worker serves: the data path to users, openings and modules to juries. */
final class WorkerService extends WorkerGrpc.WorkerImplBase {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_OPENED = 1_024;

  private final LeaseDesk desk;
  private final ModuleStore modules;
  private final UnitExecutor executor;
  private final ReceiptDesk receipts;
  private final UnitPool pool;

  WorkerService(
      LeaseDesk desk,
      ModuleStore modules,
      UnitExecutor executor,
      ReceiptDesk receipts,
      UnitPool pool) {
    this.desk = desk;
    this.modules = modules;
    this.executor = executor;
    this.receipts = receipts;
    this.pool = pool;
  }

  @Override
  public StreamObserver<ProcessRequest> process(StreamObserver<ProcessResponse> responses) {
    return new ProcessCall(
        CallerInterceptor.caller(),
        desk,
        modules,
        executor,
        receipts,
        pool,
        new Outbound<>(responses));
  }

  @Override
  public void open(OpenRequest request, StreamObserver<Opening> responses) {
    Outbound<Opening> outbound = new Outbound<>(responses);
    try {
      Bytes32 hash = Fields.bytes32(request.getReceiptHash(), "receipt_hash");
      if (request.getUnitsCount() > MAX_OPENED) {
        throw Errors.status(
            ErrorCode.ERROR_CODE_TOO_LARGE, "units", "at most " + MAX_OPENED + " at a time");
      }
      LeaseWork work =
          desk.findReceipt(hash)
              .orElseThrow(() ->
                  Errors.status(
                      ErrorCode.ERROR_CODE_NOT_FOUND, "receipt_hash", "no such receipt here"));
      for (long unit : request.getUnitsList()) {
        outbound.send(work.open(unit));
      }
      outbound.end();
    } catch (Malformed malformed) {
      outbound.fail(Errors.status(malformed));
    } catch (StatusRuntimeException refused) {
      outbound.fail(refused);
    }
  }

  @Override
  public void getModule(GetModuleRequest request, StreamObserver<ModuleChunk> responses) {
    Outbound<ModuleChunk> outbound = new Outbound<>(responses);
    try {
      Bytes module =
          modules
              .find(Fields.bytes32(request.getModuleHash(), "module_hash"))
              .orElseThrow(() ->
                  Errors.status(
                      ErrorCode.ERROR_CODE_NOT_FOUND, "module_hash", "no such module here"));
      byte[] bytes = module.toArray();
      for (int from = 0; from < bytes.length; from += CHUNK) {
        int size = Math.min(CHUNK, bytes.length - from);
        outbound.send(
            ModuleChunk.newBuilder()
                .setData(ByteString.copyFrom(bytes, from, size))
                .setLast(from + size == bytes.length)
                .build());
      }
      outbound.end();
    } catch (Malformed malformed) {
      outbound.fail(Errors.status(malformed));
    } catch (StatusRuntimeException refused) {
      outbound.fail(refused);
    }
  }

  /** Sends no faster than the peer reads, and nothing after the end; from any thread. */
  static final class Outbound<T> {
    private final ServerCallStreamObserver<T> call;
    private boolean ended;

    Outbound(StreamObserver<T> responses) {
      this.call = (ServerCallStreamObserver<T>) responses;
      call.setOnReadyHandler(this::wake);
      call.setOnCancelHandler(this::wake);
    }

    /** Says who hears that the peer went away, also after it has sent everything. */
    void whenCancelled(Runnable listener) {
      call.setOnCancelHandler(() -> {
        wake();
        listener.run();
      });
    }

    private synchronized void wake() {
      notifyAll();
    }

    synchronized boolean isOver() {
      return ended || call.isCancelled();
    }

    synchronized void send(T message) {
      try {
        while (!call.isReady() && !isOver()) {
          wait(1_000);
        }
      } catch (InterruptedException left) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!isOver()) {
        call.onNext(message);
      }
    }

    synchronized void end() {
      if (!isOver()) {
        ended = true;
        call.onCompleted();
      }
      notifyAll();
    }

    synchronized void fail(StatusRuntimeException refusal) {
      if (!isOver()) {
        ended = true;
        call.onError(refusal);
      }
      notifyAll();
    }
  }
}
