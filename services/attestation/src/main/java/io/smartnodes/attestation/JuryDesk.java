package io.smartnodes.attestation;

import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.attestation.replay.Bench;
import io.smartnodes.attestation.replay.OpeningWire;
import io.smartnodes.attestation.replay.Openings;
import io.smartnodes.attestation.rows.SessionRow;
import io.smartnodes.attestation.wire.CallWire;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.proto.worker.v1.Opening;
import io.smartnodes.protocol.attestation.jury.CertificateCheck;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes what others bring, after checking all of it against this validator's own state and chain;
 * for virtual threads. Refuses by {@link Malformed} with code and field.
 */
@ApplicationScoped
public class JuryDesk {
  private static final Logger LOG = Logger.getLogger(JuryDesk.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int VERDICTS_PER_MEMBER = 64;
  private static final int UNITS_PER_RELAY = 8;

  private final AttestationStore store;
  private final Facts facts;
  private final Sessions sessions;
  private final Certificates certificates;
  private final Openings openings;
  private final HeldShards held;
  private final InstantSource time = InstantSource.system();

  /** Called by the container. */
  public JuryDesk(
      AttestationStore store,
      Facts facts,
      Sessions sessions,
      Certificates certificates,
      Openings openings,
      HeldShards held) {
    this.store = store;
    this.facts = facts;
    this.sessions = sessions;
    this.certificates = certificates;
    this.openings = openings;
    this.held = held;
  }

  /**
   * Called to the jury of a receipt (5.6.1).
   *
   * @return its certificates that are known here: there is nothing to judge any more
   */
  List<io.smartnodes.proto.types.v1.Certificate> call(ReceiptAcknowledged message) {
    CallWire.Call call = CallWire.fromProto(message, facts.parameters().maxUnitsPerLease());
    Bytes32 receipt = call.receipt().receipt().hashStruct();
    Tenure tenure = held.tenure(receipt).orElseThrow(JuryDesk::changesHands);
    List<io.smartnodes.proto.types.v1.Certificate> known = store.certificatesOf(receipt);
    if (sessions.find(receipt).isPresent() || !known.isEmpty()) {
      return known;
    }
    CertificateCheck.View view = facts.viewOf(call.receipt());
    Optional<CertificateCheck.Flaw> flaw =
        CertificateCheck.receipt(call.receipt(), call.acks(), view);
    if (flaw.isPresent()) {
      throw Refusals.of("receipt.", flaw.get());
    }
    if (!facts.workerPeer(call.receipt().lease().worker()).equals(call.worker())) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_INVALID_ITEM,
          "receipt.worker_peer_id",
          "is not the node of the lease's worker");
    }
    Instant now = time.instant();
    Optional<Jury> jury = facts.jury(call.receipt().receipt());
    if (jury.isPresent() && !jury.get().membersAt(now).contains(facts.self())) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_NOT_READY,
          "receipt",
          "this validator is not in the jury, or not yet");
    }
    SessionRow row = new SessionRow();
    row.receiptHash = receipt.toString();
    row.body = message.toByteArray();
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    row.secret = Bytes32.of(secret).toString();
    row.openedAt = now;
    try {
      // Also one on record that is not in memory: it goes on from there.
      sessions.begin(store.open(row, tenure));
    } catch (LeaseLost lost) {
      throw changesHands();
    }
    LOG.debugf("called to the jury of %s", receipt);
    return List.of();
  }

  private static Malformed changesHands() {
    return new Malformed(
        ErrorCode.ERROR_CODE_NOT_READY, "receipt", "another instance takes this receipt over");
  }

  /** The session of a receipt, from the record if it is not in memory. */
  private Live live(Bytes32 receipt) {
    if (sessions.find(receipt).isEmpty() && held.has(receipt)) {
      store.session(receipt).ifPresent(sessions::begin);
    }
    return sessions
        .find(receipt)
        .orElseThrow(() ->
            new Malformed(
                ErrorCode.ERROR_CODE_NOT_READY,
                "receipt_hash",
                "this validator is not called to its jury"));
  }

  /** A member's verdict. */
  void verdict(SignedVerdict verdict) {
    Bytes32 receipt = verdict.verdict().receiptHash();
    Live live = live(receipt);
    Jury jury =
        live.session()
            .jury()
            .orElseThrow(() ->
                new Malformed(
                    ErrorCode.ERROR_CODE_NOT_READY,
                    "receipt_hash",
                    "the draw block is not confirmed here"));
    if (!jury.first(jury.sizes().getLast()).contains(verdict.operator())) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_NOT_ALLOWED,
          "verdict.operator",
          verdict.operator() + " is not in the jury");
    }
    CertificateCheck.View view = facts.viewOf(live.bench().receipt());
    Optional<CertificateCheck.Flaw> flaw =
        CertificateCheck.verdict(verdict, live.bench().receipt().receipt(), view);
    if (flaw.isPresent()) {
      throw Refusals.of("", flaw.get());
    }
    if (live.session().book().of(verdict.operator()).size() >= VERDICTS_PER_MEMBER) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_QUOTA_EXCEEDED, "verdict", "too many of this member");
    }
    sessions.received(live, verdict);
  }

  /** A certificate of anybody. */
  void certificate(Certificate certificate) {
    certificates.received(certificate);
  }

  /** The certificates of a job known here. */
  List<io.smartnodes.proto.types.v1.Certificate> certificates(Bytes32 jobId) {
    return store.certificates(jobId);
  }

  /** Openings for another member: what is refuted here, else what the worker answers (5.4.3). */
  List<Opening> relay(Bytes32 receiptHash, List<Long> units) {
    if (units.size() > UNITS_PER_RELAY) {
      throw new Malformed(
          ErrorCode.ERROR_CODE_TOO_LARGE, "units", "more than " + UNITS_PER_RELAY + " units");
    }
    Live live = live(receiptHash);
    List<Opening> found = new ArrayList<>();
    List<Long> wanted = new ArrayList<>();
    for (long unit : units) {
      live.bench()
          .get(unit)
          .ifPresentOrElse(
              opening -> found.add(OpeningWire.toProto(opening)), () -> wanted.add(unit));
    }
    if (!wanted.isEmpty()) {
      // A bench of its own: the caller's openings must not take the room of our own.
      Bench aside = live.bench().aside();
      openings.fromWorker(
          aside,
          wanted,
          arrived ->
              arrived.forEach(unit ->
                  aside.get(unit).ifPresent(opening -> found.add(OpeningWire.toProto(opening)))));
    }
    return found;
  }
}
