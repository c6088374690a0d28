package io.smartnodes.sdk;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.proto.worker.v1.ModuleChunk;
import io.smartnodes.proto.worker.v1.ProcessRequest;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.Ticket;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.proto.worker.v1.UnitOutput;
import io.smartnodes.proto.worker.v1.WorkerGrpc;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.SumSibling;
import io.smartnodes.protocol.merkle.UnitResult;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The data path of one lease: sends ticket, module and inputs to the worker and takes the outputs,
 * each proven against the receipt. Blocking; for a virtual thread.
 */
final class LeaseTransfer {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_PROOF = 32;
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final long WRITE_MILLIS = 100;
  private static final long READ_MILLIS = 10;

  private final JobPlan plan;
  private final Lease lease;
  private final LeaseView view;
  private final LongConsumer onUnitDone;
  private final Map<Long, Bytes> outputs = new TreeMap<>();
  private @Nullable SignedReceipt receipt;

  /** A transfer that ended well. */
  record Outputs(SignedReceipt receipt, Map<Long, Bytes> outputs) {}

  LeaseTransfer(JobPlan plan, LeaseView view, LongConsumer onUnitDone) {
    this.plan = plan;
    this.view = view;
    this.lease = JobStructs.fromProto(view.getLease(), "lease");
    this.onUnitDone = onUnitDone;
  }

  /**
   * Runs the transfer to its end; once.
   *
   * @throws StatusException if the worker refuses or goes away; the transfer can be repeated
   * @throws Malformed if the worker sends what its receipt does not prove
   */
  Outputs run(Channel worker) throws StatusException, InterruptedException {
    BlockingClientCall<ProcessRequest, ProcessResponse> call =
        WorkerGrpc.newBlockingV2Stub(worker)
            .withDeadlineAfter(LONGEST.toSeconds(), TimeUnit.SECONDS)
            .process();
    try {
      call.write(ProcessRequest.newBuilder().setTicket(ticket()).build());
      ProcessResponse first = read(call);
      if (!first.hasAccepted()) {
        throw new Malformed("accepted", "the worker did not answer the ticket");
      }
      boolean heard = !first.getAccepted().getModuleWanted() || sendModule(call);
      if (heard && sendInputs(call)) {
        call.halfClose();
      }
      return receive(call);
    } catch (StatusException | InterruptedException | RuntimeException failed) {
      call.cancel("the transfer failed", failed);
      throw failed;
    }
  }

  private Ticket ticket() {
    return Ticket.newBuilder()
        .setLease(view.getLease())
        .setHomeSignature(view.getHomeSignature())
        .build();
  }

  private boolean sendModule(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    byte[] module = plan.module().toArray();
    boolean heard = true;
    for (int from = 0; heard && from < module.length; from += CHUNK) {
      int size = Math.min(CHUNK, module.length - from);
      heard =
          send(
              call,
              ProcessRequest.newBuilder()
                  .setModule(
                      ModuleChunk.newBuilder()
                          .setData(ByteString.copyFrom(module, from, size))
                          .setLast(from + size == module.length))
                  .build());
    }
    return heard;
  }

  private boolean sendInputs(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    boolean heard = true;
    for (long index = lease.first(); heard && index < lease.first() + lease.count(); index++) {
      UnitInput.Builder input =
          UnitInput.newBuilder()
              .setIndex(index)
              .setInput(Fields.bytes(plan.inputs().get((int) index)));
      plan.tree().proof(index).forEach(sibling -> input.addProof(Fields.bytes(sibling)));
      heard = send(call, ProcessRequest.newBuilder().setInput(input).build());
    }
    return heard;
  }

  /**
   * Sends, and takes what comes while nothing can be sent: a worker that ended the call is noticed
   * only when all that it said before has been read.
   *
   * @return whether the worker still listens
   */
  private boolean send(
      BlockingClientCall<ProcessRequest, ProcessResponse> call, ProcessRequest request)
      throws StatusException, InterruptedException {
    while (true) {
      try {
        return call.write(request, WRITE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException full) {
        takeWhatIsHere(call);
      }
    }
  }

  private void takeWhatIsHere(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    try {
      @Nullable ProcessResponse response = call.read(READ_MILLIS, TimeUnit.MILLISECONDS);
      while (response != null) {
        take(response);
        response = call.read(READ_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException nothing) {
      // The worker has nothing to say.
    }
  }

  private Outputs receive(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    while (outputs.size() < lease.count()) {
      take(read(call));
    }
    if (receipt == null) {
      throw new Malformed("receipt", "missing");
    }
    return new Outputs(receipt, outputs);
  }

  private void take(ProcessResponse response) {
    switch (response.getMessageCase()) {
      case DONE -> onUnitDone.accept(response.getDone().getIndex());
      case RECEIPT ->
          receipt = checked(BodyStructs.fromProto(response.getReceipt().getReceipt(), "receipt"));
      case OUTPUT -> {
        if (receipt == null) {
          throw new Malformed("output", "before the receipt");
        }
        UnitOutput output = response.getOutput();
        outputs.put(output.getIndex(), proven(receipt, output));
      }
      case ACCEPTED, MESSAGE_NOT_SET -> throw new Malformed("process", "unexpected message");
    }
  }

  private SignedReceipt checked(SignedReceipt receipt) {
    if (!receipt.lease().equals(lease)
        || receipt.receipt().lease() != lease.number()
        || !receipt.receipt().jobId().equals(lease.jobId())
        || receipt.receipt().first() != lease.first()
        || receipt.receipt().count() != lease.count()) {
      throw new Malformed("receipt", "is for another lease");
    }
    return receipt;
  }

  private static Bytes proven(SignedReceipt receipt, UnitOutput output) {
    Bytes bytes = Bytes.of(output.getOutput().toByteArray());
    UnitResult result =
        new UnitResult(
            output.getIndex(),
            Fields.bytes32(output.getInputHash(), "output.input_hash"),
            bytes.keccak(),
            Fields.fuel(output.getFuel(), "output.fuel"));
    List<SumSibling> proof = new ArrayList<>();
    Fields.list(output.getProofList(), MAX_PROOF, "output.proof", LeaseTransfer::sibling)
        .forEach(proof::add);
    if (!ResultsTree.verify(receipt.receipt(), result, proof)) {
      throw new Malformed("output.proof", "the receipt does not hold this output");
    }
    return bytes;
  }

  private static SumSibling sibling(
      io.smartnodes.proto.worker.v1.SumSibling sibling, String field) {
    return new SumSibling(
        Fields.bytes32(sibling.getHash(), field + ".hash"),
        new Fuel(Fields.uint64(sibling.getSum(), field + ".sum")));
  }

  private static ProcessResponse read(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    @Nullable ProcessResponse response = call.read();
    if (response == null) {
      throw new Malformed("process", "the worker ended the call too early");
    }
    return response;
  }
}
