package io.smartnodes.attestation.replay;

import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.attestation.Opening;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobSpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The openings of one receipt that a member holds: few at a time while they are replayed, and those
 * that it refutes, for the members that look at them too.
 */
public final class Bench {
  private static final int AT_A_TIME = 8;
  private static final int REFUTED_KEPT = 4;

  private final JobSpec spec;
  private final SignedReceipt receipt;
  private final PeerId worker;
  private final String address;
  private final Semaphore room = new Semaphore(AT_A_TIME, true);
  private final Map<Long, Opening> held = new ConcurrentHashMap<>();
  private final Map<Long, Opening> refuted = new ConcurrentHashMap<>();
  private volatile boolean hasModule;

  /**
   * An empty bench.
   *
   * @param worker the node of the lease's worker
   * @param address where it was last heard, {@code host:port}
   */
  public Bench(JobSpec spec, SignedReceipt receipt, PeerId worker, String address) {
    this.spec = spec;
    this.receipt = receipt;
    this.worker = worker;
    this.address = address;
  }

  /** An empty bench for the same receipt. */
  public Bench aside() {
    return new Bench(spec, receipt, worker, address);
  }

  /** The job. */
  public JobSpec spec() {
    return spec;
  }

  /** The receipt. */
  public SignedReceipt receipt() {
    return receipt;
  }

  /** The account of the worker. */
  public Address workerAccount() {
    return receipt.lease().worker();
  }

  PeerId worker() {
    return worker;
  }

  String address() {
    return address;
  }

  /** Waits for room for so many openings, at most eight, and takes all of it at once. */
  void reserve(int openings) throws InterruptedException {
    room.acquire(openings);
  }

  void giveBack(int openings) {
    room.release(openings);
  }

  /** Whether the module was at hand once; it is kept by its hash, within bounds. */
  boolean hasModule() {
    return hasModule;
  }

  void moduleFound() {
    hasModule = true;
  }

  /** Puts an opening into reserved room. */
  void put(Opening opening) {
    if (held.put(opening.index(), opening) != null) {
      room.release();
    }
  }

  /** The opening of a unit, if it is here. */
  public Optional<Opening> get(long unit) {
    Opening found = held.get(unit);
    return Optional.ofNullable(found != null ? found : refuted.get(unit));
  }

  /** Ends the use of an opening. */
  public void done(long unit, boolean isRefuted) {
    Opening opening = held.remove(unit);
    if (opening == null) {
      return;
    }
    if (isRefuted && refuted.size() < REFUTED_KEPT) {
      refuted.put(unit, opening);
    }
    room.release();
  }
}
