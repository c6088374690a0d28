package io.smartnodes.cli.demo;

import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobEvent;
import io.smartnodes.proto.job.v1.LeaseState;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.sdk.JobListener;
import io.smartnodes.wire.JobStructs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Follows a job for its user: tells what happens and remembers leases and deliveries. */
public final class JobWatch implements JobListener {
  private static final int LASTING = 5;

  private final Terminal terminal;
  private final Terminal.Progress progress;
  private final Function<Address, String> names;
  private final Map<Long, Lease> leases = new TreeMap<>();
  private final Map<Long, LeaseState> states = new HashMap<>();
  private final Map<Bytes32, Map<Long, Bytes>> delivered = new HashMap<>();
  private final CountDownLatch working = new CountDownLatch(1);
  private String lastTrouble = "";
  private int troubles;

  /**
   * A watch.
   *
   * @param progress counts units
   * @param names of workers
   */
  public JobWatch(Terminal terminal, Terminal.Progress progress, Function<Address, String> names) {
    this.terminal = terminal;
    this.progress = progress;
    this.names = names;
  }

  @Override
  public synchronized void onEvent(JobEvent event) {
    if (event.hasLease()) {
      onLease(event.getLease(), event.getReason());
    } else if (!event.getReason().isBlank()) {
      terminal.line("  job: " + event.getReason());
    }
  }

  private void onLease(LeaseView view, String reason) {
    Lease lease = JobStructs.fromProto(view.getLease(), "lease");
    leases.put(lease.number(), lease);
    LeaseState before = states.put(lease.number(), view.getState());
    if (view.getState() == before) {
      return;
    }
    String what =
        switch (view.getState()) {
          case GRANTED -> "leased to " + names.apply(lease.worker());
          case WORKING -> "";
          case ACKNOWLEDGED -> "receipt stamped by the witnesses; the jury is drawn";
          case LEASE_CERTIFIED -> "certified by the jury";
          case LAPSED, VOIDED, UNVERIFIED -> view.getState() + ": " + reason;
          case LEASE_STATE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    if (!what.isEmpty()) {
      terminal.line(
          "  lease "
              + lease.number()
              + " (units "
              + lease.first()
              + "-"
              + (lease.first() + lease.count() - 1)
              + ", "
              + names.apply(lease.worker())
              + "): "
              + what);
    }
  }

  @Override
  public synchronized void onUnitDone(long index) {
    working.countDown();
    progress.done();
  }

  @Override
  public synchronized void onUnitsVerified(long verified, long total) {
    progress.note(verified + " of " + total + " verified");
  }

  @Override
  public synchronized void onDelivered(SignedReceipt receipt, Map<Long, Bytes> outputs) {
    delivered.put(receipt.receipt().hashStruct(), Map.copyOf(outputs));
  }

  @Override
  public synchronized void onTrouble(String what) {
    troubles = what.equals(lastTrouble) ? troubles + 1 : 1;
    lastTrouble = what;
    // What passes at the second attempt is no news.
    if (troubles == LASTING) {
      terminal.detail("  trying again: " + what);
    }
  }

  /** Opens when the first unit is done. */
  public CountDownLatch working() {
    return working;
  }

  /** All leases that the home granted. */
  public synchronized List<Lease> leases() {
    return new ArrayList<>(leases.values());
  }

  /** What workers delivered, by receipt, right or wrong. */
  public synchronized Map<Bytes32, Map<Long, Bytes>> delivered() {
    return Map.copyOf(delivered);
  }
}
