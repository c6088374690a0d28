package io.smartnodes.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.wire.JobStructs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a transfer begins and ends; here on the thread of whoever begins it. */
class JobTransfersTest {
  private static final Lease LEASE =
      new Lease(
          Bytes32.ofNumber(9), 1, 0, 1, Address.of(new byte[20]), Amount.of(1), Instant.EPOCH);
  private static final LeaseView VIEW =
      LeaseView.newBuilder().setLease(JobStructs.toProto(LEASE)).build();
  private static final LeaseTransfer.Outputs OUTPUTS =
      new LeaseTransfer.Outputs(
          new SignedReceipt(
              new JobReceipt(LEASE.jobId(), 1, 0, 1, new Fuel(1), Bytes32.ZERO, 99),
              Bytes.EMPTY,
              LEASE,
              Bytes.EMPTY),
          Map.of(0L, Bytes.EMPTY));

  private final List<LeaseView> attempts = new ArrayList<>();
  private final List<Runnable> begun = new ArrayList<>();
  private final JobTransfers transfers =
      new JobTransfers(this::attempt, this::begin, new JobListener() {});
  private Runnable meanwhile = () -> {};

  private void begin(Runnable transfer) {
    begun.add(transfer);
    transfer.run();
  }

  /** The first attempt fails, after something else happened. */
  private LeaseTransfer.Outputs attempt(LeaseView view) {
    attempts.add(view);
    if (attempts.size() > 1) {
      return OUTPUTS;
    }
    meanwhile.run();
    throw Status.UNAVAILABLE.asRuntimeException();
  }

  @Test
  void aTransferThatEndedWithItsLeaseBeginsAnewWhenTheLeaseIsTakenBack() throws Exception {
    meanwhile = () -> transfers.leave(1);
    transfers.want(VIEW);
    assertThat(attempts).hasSize(1);
    assertThat(transfers.await(1, () -> true)).isEmpty();

    transfers.want(VIEW);
    assertThat(begun).hasSize(2);
    assertThat(transfers.await(1, () -> true)).contains(OUTPUTS);
  }

  @Test
  void aTransferWhoseLeaseWasTakenBackUnderWayGoesOnAlone() throws Exception {
    meanwhile =
        () -> {
          transfers.leave(1);
          transfers.want(VIEW);
        };
    transfers.want(VIEW);
    assertThat(begun).hasSize(1);
    assertThat(transfers.await(1, () -> true)).contains(OUTPUTS);
  }

  @Test
  void whatIsHereIsNotFetchedAgainUnlessItsLeaseWasVoid() throws Exception {
    transfers.want(VIEW);
    transfers.leave(1);
    transfers.want(VIEW);
    assertThat(begun).hasSize(1);
    assertThat(transfers.await(1, () -> true)).contains(OUTPUTS);

    transfers.forget(1);
    assertThat(transfers.await(1, () -> true)).isEmpty();
  }
}
