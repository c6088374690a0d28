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
    outbound.whenCancelled(this::leave);
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
    if (found.failure().isPresent() && found.receipt().isEmpty()) {
      throw givenUp(found);
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
      commit(found);
    }
    Thread.ofVirtual().name("hand-out-", 0).start(() -> handOut(found));
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
    hasModule =
        switch (executor.check(
            current.granted().spec().moduleHash(), current.granted().lease().deadline())) {
          case ModuleVerdict.Accepted() -> true;
          case ModuleVerdict.Unreadable(String reason) ->
              throw giveUp(
                  current,
                  "unreadable module: " + reason,
                  Errors.status(ErrorCode.ERROR_CODE_UNREADABLE_MODULE, "module", reason));
          case ModuleVerdict.Unavailable(String reason) ->
              throw giveUp(
                  current,
                  "the module cannot be run here: " + reason,
                  Errors.status(
                      ErrorCode.ERROR_CODE_WRONG_STATE, "module", "cannot be run here: " + reason));
        };
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
          commit(current);
        }
      }
      case UnitExecutor.Done.Unable unable -> {
        if (Thread.currentThread().isInterrupted()) {
          // The agent ends; its next start goes on with the lease.
          return;
        }
        giveUp(
            current,
            "unit " + input.getIndex() + ": " + unable.reason(),
            Errors.status(
                ErrorCode.ERROR_CODE_WRONG_STATE,
                "input",
                "unit " + input.getIndex() + " cannot run here: " + unable.reason()));
      }
    }
  }

  /** Refuses this call with what is wrong; other calls hear that the lease is given up. */
  private StatusRuntimeException giveUp(
      LeaseWork current, String reason, StatusRuntimeException refusal) {
    refuse(refusal);
    current.fail(reason);
    return refusal;
  }

  /** Commits to the results once, on a thread that no user's leaving ends. */
  private void commit(LeaseWork complete) {
    if (complete.claimCommit()) {
      Thread.ofVirtual()
          .name("commit-", 0)
          .start(() -> {
            try {
              receipts.commit(complete);
            } catch (InterruptedException ended) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  /**
   * Waits for the receipt, whichever call ran the last unit, and hands the outputs out; ends with
   * the call.
   */
  private void handOut(LeaseWork current) {
    try {
      Optional<ReceiptMade> made = current.awaitReceipt(over::get);
      if (made.isEmpty()) {
        refuse(givenUp(current));
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

  private static StatusRuntimeException givenUp(LeaseWork work) {
    return Errors.status(
        ErrorCode.ERROR_CODE_WRONG_STATE,
        "lease",
        "given up: " + work.failure().map(LeaseWork.Failure::reason).orElse("unknown"));
  }

  private void refuse(StatusRuntimeException refusal) {
    if (over.compareAndSet(false, true)) {
      outbound.fail(refusal);
      endWait();
    }
  }

  @Override
  public void onError(Throwable lost) {
    leave();
  }

  /** The user went away; what is done is kept, and it may come again. */
  private void leave() {
    over.set(true);
    endWait();
  }

  /** Nobody waits for the receipt on behalf of a call that is over. */
  private void endWait() {
    LeaseWork current = work;
    if (current != null) {
      current.wake();
    }
  }

  @Override
  public void onCompleted() {
    if (work == null) {
      refuse(Errors.status(new Malformed("ticket", "missing")));
    }
  }
}
