package io.smartnodes.worker;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.worker.v1.Opening;
import io.smartnodes.proto.worker.v1.ReceiptMade;
import io.smartnodes.proto.worker.v1.UnitInput;
import io.smartnodes.proto.worker.v1.UnitOutput;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.UnitLimits;
import io.smartnodes.protocol.attestation.UnitRules;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.protocol.merkle.InputsTree;
import io.smartnodes.protocol.merkle.ResultsTree;
import io.smartnodes.protocol.merkle.SumSibling;
import io.smartnodes.protocol.merkle.UnitResult;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One lease in work: which units have a result, the tree over them, the receipt. Thread-safe. */
final class LeaseWork {
  private static final int MAX_PROOF = 32;

  private final Granted granted;
  private final LeaseFolder folder;
  private final Map<Long, UnitResult> results = new HashMap<>();
  private final Honesty honesty;
  private boolean committing;
  private @Nullable ResultsTree tree;
  private @Nullable ReceiptMade receipt;
  private @Nullable Bytes32 receiptHash;
  private @Nullable Failure failure;

  /**
   * Why a lease was given up.
   *
   * @param reason as a heartbeat may carry it: one line, not long
   * @param byNetwork whether witnesses or home were not there for it; else the job cannot be done
   */
  record Failure(String reason, boolean byNetwork) {
    private static final int LONGEST = 200;

    /** Makes one line of the reason: the home refuses a heartbeat with any other. */
    Failure {
      String line = reason.replaceAll("\\p{Cc}+", " ").strip();
      reason = line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line;
    }
  }

  /**
   * What the home granted.
   *
   * @param user the node of the user, the only one that may bring inputs
   * @param witnesses to be asked for acknowledgements
   */
  record Granted(
      Lease lease,
      Bytes homeSignature,
      JobSpec spec,
      PeerId home,
      PeerId user,
      List<PeerId> witnesses) {
    Granted {
      witnesses = List.copyOf(witnesses);
    }
  }

  /** Takes up a lease, with what an earlier run of the agent left on disk. */
  LeaseWork(Granted granted, LeaseFolder folder, Honesty honesty) {
    this.honesty = honesty;
    this.granted = granted;
    this.folder = folder;
    Lease lease = granted.lease();
    for (long index = lease.first(); index < lease.first() + lease.count(); index++) {
      Optional<UnitInput> input = folder.input(index);
      Optional<Bytes> output = folder.output(index);
      if (input.isPresent() && output.isPresent()) {
        Bytes bytes = Bytes.of(input.get().getInput().toByteArray());
        results.put(
            index,
            new UnitResult(index, bytes.keccak(), output.get().keccak(), UnitRules.FUEL_PER_UNIT));
      }
    }
    folder.receipt().filter(kept -> isComplete()).ifPresent(this::set);
  }

  Granted granted() {
    return granted;
  }

  /** Checks an input that the user brought; refused with the field at fault. */
  Bytes admit(UnitInput input) {
    Lease lease = granted.lease();
    long index = Fields.uint64(input.getIndex(), "input.index");
    if (index < lease.first() || index >= lease.first() + lease.count()) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_MALFORMED, "input.index", "unit " + index + " is not in the lease");
    }
    if (input.getInput().size() > UnitLimits.MAX_INPUT_BYTES) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_TOO_LARGE,
          "input.input",
          "an input has at most " + UnitLimits.MAX_INPUT_BYTES + " bytes");
    }
    Bytes bytes = Bytes.of(input.getInput().toByteArray());
    JobSpec spec = granted.spec();
    var proof = Fields.list(input.getProofList(), MAX_PROOF, "input.proof", Fields::bytes32);
    if (!InputsTree.verify(spec.inputsRoot(), spec.unitCount(), index, bytes.keccak(), proof)) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_MALFORMED, "input.proof", "the job's inputs root does not hold it");
    }
    return bytes;
  }

  /**
   * Keeps a claimed result; the input first, so that an output never stands without it.
   *
   * @return whether it was the last one that missed
   */
  boolean complete(UnitInput input, Bytes inputBytes, Bytes output) {
    long index = input.getIndex();
    Bytes claimed = honesty.claim(granted.lease().jobId(), index, output);
    folder.putInput(input);
    folder.putOutput(index, claimed);
    synchronized (this) {
      boolean added =
          results.putIfAbsent(
                  index,
                  new UnitResult(
                      index, inputBytes.keccak(), claimed.keccak(), UnitRules.FUEL_PER_UNIT))
              == null;
      return added && isComplete();
    }
  }

  /** True for the first who asks: it commits to the results, all others wait for the receipt. */
  synchronized boolean claimCommit() {
    boolean first = !committing;
    committing = true;
    return first;
  }

  synchronized boolean isDone(long index) {
    return results.containsKey(index);
  }

  synchronized int done() {
    return results.size();
  }

  synchronized boolean isComplete() {
    return results.size() == granted.lease().count();
  }

  synchronized ResultsTree tree() {
    ResultsTree current = tree;
    if (current == null) {
      List<UnitResult> ordered = new ArrayList<>(results.values());
      ordered.sort(java.util.Comparator.comparingLong(UnitResult::index));
      current = ResultsTree.of(granted.lease().first(), ordered);
      tree = current;
    }
    return current;
  }

  synchronized Optional<ReceiptMade> receipt() {
    return Optional.ofNullable(receipt);
  }

  /** Keeps the acknowledged receipt on disk before anybody hears of it. */
  void keep(ReceiptMade made) {
    folder.putReceipt(made);
    synchronized (this) {
      set(made);
      notifyAll();
    }
  }

  /** Notes that the home has the receipt. */
  void delivered() {
    folder.putDelivered();
  }

  /** Whether a quorum acknowledged its receipt, which the home may not have. */
  boolean isUndelivered() {
    return receipt().isPresent() && !folder.isDelivered();
  }

  private void set(ReceiptMade made) {
    receipt = made;
    receiptHash =
        JobStructs.fromProto(made.getReceipt().getReceipt(), "receipt.receipt").hashStruct();
  }

  /** Whether it is the work behind a receipt. */
  synchronized boolean isBehind(Bytes32 receipt) {
    return Optional.ofNullable(receiptHash).filter(receipt::equals).isPresent();
  }

  /**
   * Gives the lease up, since the job cannot be done here; the home hears of it with the next
   * heartbeat.
   */
  void fail(String reason) {
    fail(new Failure(reason, false));
  }

  /** Gives the lease up, since the network was not there for it. */
  void failByNetwork(String reason) {
    fail(new Failure(reason, true));
  }

  private synchronized void fail(Failure because) {
    failure = because;
    notifyAll();
  }

  synchronized Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Waits for the receipt or the failure.
   *
   * @param over whether nobody wants it any more; looked at again upon {@link #wake()}
   */
  synchronized Optional<ReceiptMade> awaitReceipt(BooleanSupplier over)
      throws InterruptedException {
    while (receipt == null && failure == null && !over.getAsBoolean()) {
      wait();
    }
    return Optional.ofNullable(receipt);
  }

  /** Lets all who wait for the receipt look whether they still want it. */
  synchronized void wake() {
    notifyAll();
  }

  /** The output of a unit with its proof. */
  UnitOutput output(long index) {
    UnitResult result = result(index);
    UnitOutput.Builder output =
        UnitOutput.newBuilder()
            .setIndex(index)
            .setOutput(Fields.bytes(folder.output(index).orElseThrow()))
            .setFuel(result.fuel().value())
            .setInputHash(Fields.bytes(result.inputHash()));
    tree().proof(index).forEach(sibling -> output.addProof(toProto(sibling)));
    return output.build();
  }

  /** The opening of a unit for the jury. */
  Opening open(long index) {
    UnitResult result = result(index);
    UnitInput input = folder.input(index).orElseThrow();
    Opening.Builder opening =
        Opening.newBuilder()
            .setIndex(index)
            .setInput(input.getInput())
            .addAllInputProof(input.getProofList())
            .setOutput(Fields.bytes(folder.output(index).orElseThrow()))
            .setFuel(result.fuel().value());
    tree().proof(index).forEach(sibling -> opening.addProof(toProto(sibling)));
    return opening.build();
  }

  void delete() {
    folder.delete();
  }

  private synchronized UnitResult result(long index) {
    UnitResult result = results.get(index);
    if (result == null) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_FOUND, "units", "unit " + index + " has no result");
    }
    return result;
  }

  private static io.smartnodes.proto.worker.v1.SumSibling toProto(SumSibling sibling) {
    return io.smartnodes.proto.worker.v1.SumSibling.newBuilder()
        .setHash(Fields.bytes(sibling.hash()))
        .setSum(sibling.sum().value())
        .build();
  }
}
