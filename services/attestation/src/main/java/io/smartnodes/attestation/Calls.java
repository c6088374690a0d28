package io.smartnodes.attestation;

import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.attestation.rows.CallRow;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.attestation.v1.CallJuryResponse;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The home's part: calls every member of a receipt's jury until there is a certificate (5.6.1). */
@ApplicationScoped
public class Calls {
  private static final Logger LOG = Logger.getLogger(Calls.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final AttestationStore store;
  private final Facts facts;
  private final Certificates certificates;
  private final Couriers couriers;
  private final HeldShards held;
  private final InstantSource time = InstantSource.system();
  private final Set<String> pursued = ConcurrentHashMap.newKeySet();

  /** Called by the container. */
  public Calls(
      AttestationStore store,
      Facts facts,
      Certificates certificates,
      Couriers couriers,
      HeldShards held) {
    this.store = store;
    this.facts = facts;
    this.certificates = certificates;
    this.couriers = couriers;
    this.held = held;
  }

  /** Goes on with the calls of a shard. */
  void resume(int shard) {
    store.openCalls().stream()
        .filter(row -> Shards.of(Bytes32.fromHex(row.receiptHash)) == shard)
        .forEach(this::pursue);
  }

  /** Begins to call the jury of a receipt, if this instance holds its shard; does not wait. */
  void pursue(Bytes32 receipt) {
    if (held.has(receipt)) {
      store.openCall(receipt).ifPresent(this::pursue);
    }
  }

  /** Finds the calls whose signal was lost. */
  void lookAgain() {
    store.openCalls().stream()
        .filter(row -> held.has(Bytes32.fromHex(row.receiptHash)))
        .forEach(this::pursue);
  }

  private void pursue(CallRow row) {
    if (pursued.add(row.receiptHash)) {
      couriers.run(
          "calling the jury of " + row.receiptHash,
          () -> {
            try {
              call(row);
            } finally {
              pursued.remove(row.receiptHash);
            }
          });
    }
  }

  private void call(CallRow row) {
    ReceiptAcknowledged receipt = AttestationStore.parse(ReceiptAcknowledged.parser(), row.body);
    JobReceipt claimed = JobStructs.fromProto(receipt.getReceipt().getReceipt(), "receipt");
    Bytes32 hash = Bytes32.fromHex(row.receiptHash);
    CallJuryRequest request = CallJuryRequest.newBuilder().setReceipt(receipt).build();
    Set<Address> called = new HashSet<>();
    while (isWanted(row, claimed, hash)) {
      if (!held.has(hash)) {
        return;
      }
      Optional<Jury> jury = facts.jury(claimed);
      if (jury.isPresent()) {
        for (Address member : jury.get().membersAt(time.instant())) {
          if (called.add(member)) {
            couriers.deliver(
                member,
                "the call to the jury of " + hash,
                stub -> learn(stub.callJury(request)),
                () -> isWanted(row, claimed, hash));
          }
        }
      }
      if (!Couriers.sleep(jury.isPresent() ? LOOK_AGAIN.multipliedBy(4) : LOOK_AGAIN)) {
        return;
      }
    }
    LOG.debugf("no more calls for %s", hash);
    store.endCall(hash);
  }

  private boolean isWanted(CallRow row, JobReceipt claimed, Bytes32 hash) {
    return certificates.outcomes(hash).isEmpty()
        && couriers.isWorthwhile(claimed.jobId(), row.calledAt);
  }

  /** Certificates that were written and spread while this validator was away. */
  private void learn(CallJuryResponse response) {
    response.getCertificatesList().stream()
        .limit(Outcome.values().length)
        .forEach(one -> {
          try {
            certificates.received(BodyStructs.fromProto(one, "certificates"));
          } catch (Malformed refused) {
            LOG.warnf("a certificate that a member knows does not hold: %s", refused.getMessage());
          }
        });
  }
}
