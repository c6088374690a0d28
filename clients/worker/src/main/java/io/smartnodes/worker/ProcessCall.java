package io.smartnodes.worker;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.ProcessRequest;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.Ticket;
import io.smartnodes.proto.worker.v1.TicketAccepted;
import io.smartnodes.proto.worker.v1.UnitDone;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.runner.client.ModuleVerdict;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import io.smartnodes.worker.WorkerService.Outbound;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One data path: ticket, module where it is wanted, inputs; then, after the acknowledgement that
 * covers them, outputs. A user that lost the connection comes again with the same ticket.
 */
final class ProcessCall implements StreamObserver<ProcessRequest> {
  private final PeerId caller;
  private final LeaseDesk desk;
  private final ModuleStore modules;
  private final UnitExecutor executor;
  private final ReceiptDesk receipts;
  private final UnitPool pool;
  private final Outbound<ProcessResponse> outbound;
  private final ByteArrayOutputStream moduleParts = new ByteArrayOutputStream();
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable LeaseWork work;
  private boolean hasModule;

  ProcessCall(
      PeerId caller,
      LeaseDesk desk,
      ModuleStore modules,
      UnitExecutor executor,
      ReceiptDesk receipts,
      UnitPool pool,
      Outbound<ProcessResponse> outbound) {
    this.caller = caller;
    this.desk = desk;
    this.modules = modules;
    this.executor = executor;
    this.receipts = receipts;
    this.pool = pool;
    this.outbound = outbound;
  }

  @Override
  public void onNext(ProcessRequest request) {
    if (over.get()) {
      return;
    }
    try {
      switch (request.getMessageCase()) {
        case TICKET -> onTicket(request.getTicket());
        case MODULE -> onModule(request.getModule());
        case INPUT -> onInput(request.getInput());
        case MESSAGE_NOT_SET -> throw new Malformed("message", "empty");
      }
    } catch (Malformed malformed) {
      refuse(Errors.status(malformed));
    } catch (StatusRuntimeException refusal) {
      refuse(refusal);
    }
  }

  private void onTicket(Ticket ticket) {
    if (work != null) {
      throw new Malformed("ticket", "sent twice");
    }
    Lease lease = JobStructs.fromProto(ticket.getLease(), "ticket.lease");
    LeaseWork found =
        desk.find(lease)
            .orElseThrow(() ->
                Errors.status(
                    ErrorCode.ERROR_CODE_NOT_FOUND, "ticket.lease", "not granted to us (yet)"));
    if (!found.granted().user().equals(caller)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_ALLOWED, "ticket.lease", "is for the user of the job only");
    }
    work = found;
    Optional<Bytes> known = modules.find(found.granted().spec().moduleHash());
    if (known.isPresent()) {
      load(found);
    }
    outbound.send(
        ProcessResponse.newBuilder()
            .setAccepted(TicketAccepted.newBuilder().setModuleWanted(known.isEmpty()))
            .build());
    if (found.isComplete()) {
      Thread.ofVirtual().start(() -> finish(found));
    }
  }

  private void onModule(ModuleChunk chunk) {
    LeaseWork current = ticketed();
    if (moduleParts.size() + chunk.getData().size() > UnitLimits.MAX_MODULE_BYTES) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_TOO_LARGE,
          "module",
          "a module has at most " + UnitLimits.MAX_MODULE_BYTES + " bytes");
    }
    moduleParts.writeBytes(chunk.getData().toByteArray());
    if (chunk.getLast()) {
      Bytes bytes = Bytes.of(moduleParts.toByteArray());
      if (!bytes.keccak().equals(current.granted().spec().moduleHash())) {
        throw Errors.status(
            ErrorCode.ERROR_CODE_MALFORMED, "module", "is not the module of the job");
      }
      modules.put(bytes);
      load(current);
    }
  }

  private void load(LeaseWork current) {
    switch (executor.check(
        current.granted().spec().moduleHash(), current.granted().lease().deadline())) {
      case ModuleVerdict.Accepted() -> hasModule = true;
      case ModuleVerdict.Unreadable(String reason) -> {
        current.fail("unreadable module: " + reason);
        throw Errors.status(ErrorCode.ERROR_CODE_UNREADABLE_MODULE, "module", reason);
      }
      case ModuleVerdict.Unavailable(String reason) -> {
        current.fail("the module cannot be run here: " + reason);
        throw Errors.status(
            ErrorCode.ERROR_CODE_WRONG_STATE, "module", "cannot be run here: " + reason);
      }
    }
  }

  private void onInput(UnitInput input) {
    LeaseWork current = ticketed();
    if (!hasModule) {
      throw new Malformed("input", "before the module");
    }
    Bytes bytes = current.admit(input);
    if (!current.isDone(input.getIndex())) {
      pool.submit(() -> runUnit(current, input, bytes));
    }
  }

  private LeaseWork ticketed() {
    LeaseWork current = work;
    if (current == null) {
      throw new Malformed("message", "before the ticket");
    }
    return current;
  }

  private void runUnit(LeaseWork current, UnitInput input, Bytes bytes) {
    if (current.isDone(input.getIndex()) || current.failure().isPresent()) {
      return;
    }
    var spec = current.granted().spec();
    switch (executor.run(
        spec.moduleHash(),
        spec.hashStruct(),
        input.getIndex(),
        bytes,
        current.granted().lease().deadline())) {
      case UnitExecutor.Done.Result result -> {
        boolean last = current.complete(input, bytes, result.output());
        outbound.send(
            ProcessResponse.newBuilder()
                .setDone(UnitDone.newBuilder().setIndex(input.getIndex()))
                .build());
        if (last) {
          Thread.ofVirtual().start(() -> finish(current));
        }
      }
      case UnitExecutor.Done.Unable unable -> {
        if (Thread.currentThread().isInterrupted()) {
          // The agent ends; its next start goes on with the lease.
          return;
        }
        current.fail("unit " + input.getIndex() + ": " + unable.reason());
        refuse(
            Errors.status(
                ErrorCode.ERROR_CODE_WRONG_STATE,
                "input",
                "unit " + input.getIndex() + " cannot run here: " + unable.reason()));
      }
    }
  }

  /** Commits to the results once, then hands the outputs out. */
  private void finish(LeaseWork current) {
    try {
      if (current.claimCommit()) {
        receipts.commit(current);
      }
      Optional<ReceiptMade> made = current.awaitReceipt();
      if (made.isEmpty()) {
        refuse(
            Errors.status(
                ErrorCode.ERROR_CODE_WRONG_STATE,
                "lease",
                "given up: " + current.failure().map(LeaseWork.Failure::reason).orElse("unknown")));
        return;
      }
      outbound.send(ProcessResponse.newBuilder().setReceipt(made.get()).build());
      Lease lease = current.granted().lease();
      for (long index = lease.first(); index < lease.first() + lease.count(); index++) {
        if (outbound.isOver()) {
          return;
        }
        outbound.send(ProcessResponse.newBuilder().setOutput(current.output(index)).build());
      }
      if (over.compareAndSet(false, true)) {
        outbound.end();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuse(StatusRuntimeException refusal) {
    if (over.compareAndSet(false, true)) {
      outbound.fail(refusal);
    }
  }

  @Override
  public void onError(Throwable lost) {
    // The user went away; what is done is kept, and it may come again.
    over.set(true);
  }

  @Override
  public void onCompleted() {
    if (work == null) {
      refuse(Errors.status(new Malformed("ticket", "missing")));
    }
  }
}
