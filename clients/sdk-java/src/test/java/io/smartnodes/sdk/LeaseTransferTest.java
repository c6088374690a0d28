package io.smartnodes.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusException;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.proto.worker.v1.ProcessResponse;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitDone;
import io.smartnodes.proto.worker.v1.UnitOutput;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.SumSibling;
import io.smartnodes.protocol.merkle.UnitResult;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker says all it has to say while the user still has megabytes of inputs to send. */
@Timeout(60)
class LeaseTransferTest {
  private static final int UNITS = 16;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Bytes INPUT = Bytes.of(new byte[1 << 18]);
  private static final JobPlan PLAN =
      JobPlan.wasm(
          Address.of(new byte[20]),
          SmallNetwork.OPERATOR,
          Address.of(new byte[20]),
          Amount.of(UNITS),
          NOW.plusSeconds(600),
          1,
          Bytes.EMPTY,
          IntStream.range(0, UNITS).mapToObj(unit -> INPUT).toList());
  private static final Lease LEASE =
      new Lease(
          PLAN.jobId(), 1, 0, UNITS, SmallNetwork.OPERATOR, Amount.of(1), NOW.plusSeconds(60));
  private static final List<UnitResult> RESULTS =
      LongStream.range(0, UNITS)
          .mapToObj(unit -> new UnitResult(unit, INPUT.keccak(), Bytes.EMPTY.keccak(), new Fuel(1)))
          .toList();
  private static final ResultsTree TREE = ResultsTree.of(0, RESULTS);
  private static final SignedReceipt RECEIPT =
      new SignedReceipt(
          new JobReceipt(PLAN.jobId(), 1, 0, UNITS, new Fuel(UNITS), TREE.root(), 99),
          Bytes.EMPTY,
          LEASE,
          Bytes.EMPTY);

  private final SmallNetwork network = new SmallNetwork(() -> NOW);

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void outputsThatAreThereAlreadyAreTakenThoughNobodyReadsTheInputsAnyMore() throws Exception {
    network.onAccepted =
        transfer -> {
          transfer.answer(
              ProcessResponse.newBuilder()
                  .setReceipt(ReceiptMade.newBuilder().setReceipt(BodyStructs.toProto(RECEIPT))));
          RESULTS.forEach(result -> transfer.answer(output(result)));
          transfer.answers().onCompleted();
        };
    LeaseTransfer.Outputs here = run();
    assertThat(here.receipt()).isEqualTo(RECEIPT);
    assertThat(here.outputs()).hasSize(UNITS).containsValue(Bytes.EMPTY);
  }

  @Test
  void aRefusalIsHeardThoughUnitsWereDoneBeforeIt() {
    network.onAccepted =
        transfer -> {
          for (int unit = 0; unit < 3; unit++) {
            transfer.answer(
                ProcessResponse.newBuilder().setDone(UnitDone.newBuilder().setIndex(unit)));
          }
          transfer.cut();
        };
    assertThatThrownBy(this::run).isInstanceOf(StatusException.class).hasMessageContaining("cut");
  }

  private LeaseTransfer.Outputs run() throws StatusException, InterruptedException {
    LeaseView view = LeaseView.newBuilder().setLease(JobStructs.toProto(LEASE)).build();
    var worker = network.endpoint("worker");
    return new LeaseTransfer(PLAN, view, unit -> {})
        .run(network.client.channel(SmallNetwork.PEER, worker.host() + ":" + worker.port()));
  }

  private static ProcessResponse.Builder output(UnitResult result) {
    UnitOutput.Builder output =
        UnitOutput.newBuilder()
            .setIndex(result.index())
            .setFuel(1)
            .setInputHash(Fields.bytes(result.inputHash()));
    for (SumSibling sibling : TREE.proof(result.index())) {
      output.addProof(
          io.smartnodes.proto.worker.v1.SumSibling.newBuilder()
              .setHash(Fields.bytes(sibling.hash()))
              .setSum(sibling.sum().value()));
    }
    return ProcessResponse.newBuilder().setOutput(output);
  }
}
