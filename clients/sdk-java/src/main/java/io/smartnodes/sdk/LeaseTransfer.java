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

  private final JobPlan plan;
  private final Lease lease;
  private final LeaseView view;
  private final LongConsumer onUnitDone;

  /** A transfer that ended well. */
  record Outputs(SignedReceipt receipt, Map<Long, Bytes> outputs) {}

  LeaseTransfer(JobPlan plan, LeaseView view, LongConsumer onUnitDone) {
    this.plan = plan;
    this.view = view;
    this.lease = JobStructs.fromProto(view.getLease(), "lease");
    this.onUnitDone = onUnitDone;
  }

  /**
   * Runs the transfer to its end.
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
      if (first.getAccepted().getModuleWanted()) {
        sendModule(call);
      }
      sendInputs(call);
      call.halfClose();
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

  private void sendModule(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    byte[] module = plan.module().toArray();
    for (int from = 0; from < module.length; from += CHUNK) {
      int size = Math.min(CHUNK, module.length - from);
      send(
          call,
          ProcessRequest.newBuilder()
              .setModule(
                  ModuleChunk.newBuilder()
                      .setData(ByteString.copyFrom(module, from, size))
                      .setLast(from + size == module.length))
              .build());
    }
  }

  private void sendInputs(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    for (long index = lease.first(); index < lease.first() + lease.count(); index++) {
      UnitInput.Builder input =
          UnitInput.newBuilder()
              .setIndex(index)
              .setInput(Fields.bytes(plan.inputs().get((int) index)));
      plan.tree().proof(index).forEach(sibling -> input.addProof(Fields.bytes(sibling)));
      send(call, ProcessRequest.newBuilder().setInput(input).build());
    }
  }

  private static void send(
      BlockingClientCall<ProcessRequest, ProcessResponse> call, ProcessRequest request)
      throws StatusException, InterruptedException {
    if (!call.write(request)) {
      // The call has ended: reading tells why.
      ProcessResponse unexpected = call.read();
      throw new Malformed("process", "the worker ended the call: " + unexpected);
    }
  }

  private Outputs receive(BlockingClientCall<ProcessRequest, ProcessResponse> call)
      throws StatusException, InterruptedException {
    SignedReceipt receipt = null;
    Map<Long, Bytes> outputs = new TreeMap<>();
    while (outputs.size() < lease.count()) {
      ProcessResponse response = read(call);
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
    if (receipt == null) {
      throw new Malformed("receipt", "missing");
    }
    return new Outputs(receipt, outputs);
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
