package io.smartnodes.attestation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.smallrye.mutiny.Uni;
import io.smartnodes.attestation.rows.CallRow;
import io.smartnodes.attestation.rows.CertificateRow;
import io.smartnodes.attestation.rows.SessionRow;
import io.smartnodes.attestation.rows.VerdictRow;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.Outbox;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.BodyStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/** What attestation keeps; for virtual threads, but {@link #called}. */
@ApplicationScoped
public class AttestationStore {
  /** Name of the persistence unit. */
  public static final String UNIT = "attestation";

  private final Tx tx;
  private final Outbox outbox;

  /** Called by the container. */
  public AttestationStore(Tx tx, Outbox outbox) {
    this.tx = tx;
    this.outbox = outbox;
  }

  /**
   * Keeps a session unless there is one for the receipt, and gives the one on record. Whoever gets
   * the shard after this term finds it there.
   *
   * @param tenure of the receipt's shard
   * @throws io.smartnodes.events.lease.LeaseLost if the term is over: nothing was kept
   */
  SessionRow open(SessionRow row, Tenure tenure) {
    tx.runAndAwait(UNIT, session -> Leases.check(tenure).chain(() -> insert(session, row)));
    return session(Bytes32.fromHex(row.receiptHash)).orElse(row);
  }

  private static Uni<Integer> insert(Mutiny.Session session, SessionRow row) {
    return session
        .createNativeQuery(
            "insert into {h-schema}jury_session (receipt_hash, body, secret, opened_at, closed)"
                + " values (:receipt, :body, :secret, :at, false) on conflict do nothing")
        .setParameter("receipt", row.receiptHash)
        .setParameter("body", row.body)
        .setParameter("secret", row.secret)
        .setParameter("at", row.openedAt)
        .executeUpdate();
  }

  /** The session of a receipt, also a closed one. */
  Optional<SessionRow> session(Bytes32 receiptHash) {
    return tx
        .runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery("from SessionRow where receiptHash = :receipt", SessionRow.class)
                    .setParameter("receipt", receiptHash.toString())
                    .getResultList())
        .stream()
        .findFirst();
  }

  List<SessionRow> openSessions() {
    return all("from SessionRow where not closed order by openedAt", SessionRow.class);
  }

  void close(Bytes32 receiptHash) {
    update("update SessionRow set closed = true where receiptHash = :key", receiptHash);
  }

  /** Keeps a verdict; nothing happens if it is known. */
  void remember(SignedVerdict verdict, Instant now) {
    Bytes32 receipt = verdict.verdict().receiptHash();
    tx.runAndAwait(
        UNIT,
        session ->
            session
                .createNativeQuery(
                    "insert into {h-schema}verdict (id, receipt_hash, operator, body, arrived_at)"
                        + " values (:id, :receipt, :operator, :body, :at) on conflict do nothing")
                .setParameter(
                    "id", verdict.operator() + ":" + verdict.verdict().signed().hashStruct())
                .setParameter("receipt", receipt.toString())
                .setParameter("operator", verdict.operator().toString())
                .setParameter("body", VerdictWire.toProto(verdict).toByteArray())
                .setParameter("at", now)
                .executeUpdate());
  }

  /** The verdicts on a receipt in the order of their arrival. */
  List<SignedVerdict> verdicts(Bytes32 receiptHash) {
    return tx
        .runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery(
                        "from VerdictRow where receiptHash = :receipt order by arrivedAt",
                        VerdictRow.class)
                    .setParameter("receipt", receiptHash.toString())
                    .getResultList())
        .stream()
        .map(row -> VerdictWire.stored(row.body))
        .toList();
  }

  /** Keeps and publishes a checked certificate; false if one with this outcome is known. */
  boolean certify(Certificate certificate, boolean madeHere, Instant now) {
    Bytes32 receipt = certificate.receipt().receipt().hashStruct();
    String job = certificate.receipt().receipt().jobId().toString();
    io.smartnodes.proto.types.v1.Certificate message = BodyStructs.toProto(certificate);
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createNativeQuery(
                    "insert into {h-schema}certificate"
                        + " (id, receipt_hash, job, outcome, body, made_here, known_at)"
                        + " values (:id, :receipt, :job, :outcome, :body, :made, :at)"
                        + " on conflict do nothing")
                .setParameter("id", receipt + ":" + certificate.outcome().code())
                .setParameter("receipt", receipt.toString())
                .setParameter("job", job)
                .setParameter("outcome", certificate.outcome().code())
                .setParameter("body", message.toByteArray())
                .setParameter("made", madeHere)
                .setParameter("at", now)
                .executeUpdate()
                .chain(inserted ->
                    inserted == 1
                        ? outbox
                            .publish(
                                "attestation.v1",
                                job,
                                JobCertified.newBuilder().setCertificate(message).build())
                            .chain(() ->
                                Signals.emit(AttestationSignals.CERTIFICATE, receipt.toString()))
                            .replaceWith(true)
                        : Uni.createFrom().item(false)));
  }

  /** The outcomes of which a certificate is known. */
  Set<Outcome> outcomes(Bytes32 receiptHash) {
    List<Integer> codes =
        tx.runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery(
                        "select outcome from CertificateRow where receiptHash = :receipt",
                        Integer.class)
                    .setParameter("receipt", receiptHash.toString())
                    .getResultList());
    Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
    codes.forEach(code -> Outcome.of(code).ifPresent(outcomes::add));
    return outcomes;
  }

  /** The certificates of a job, as they travel. */
  List<io.smartnodes.proto.types.v1.Certificate> certificates(Bytes32 jobId) {
    return certificates("job", jobId);
  }

  /** The certificates of a receipt, as they travel. */
  List<io.smartnodes.proto.types.v1.Certificate> certificatesOf(Bytes32 receiptHash) {
    return certificates("receiptHash", receiptHash);
  }

  private List<io.smartnodes.proto.types.v1.Certificate> certificates(String field, Bytes32 key) {
    return tx
        .runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery(
                        "from CertificateRow where " + field + " = :key order by knownAt",
                        CertificateRow.class)
                    .setParameter("key", key.toString())
                    .getResultList())
        .stream()
        .map(row -> parse(io.smartnodes.proto.types.v1.Certificate.parser(), row.body))
        .toList();
  }

  /** Certificates written here since a time. */
  List<Certificate> madeSince(Instant time) {
    return tx
        .runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery(
                        "from CertificateRow where madeHere and knownAt >= :time",
                        CertificateRow.class)
                    .setParameter("time", time)
                    .getResultList())
        .stream()
        .map(row ->
            BodyStructs.fromProto(
                parse(io.smartnodes.proto.types.v1.Certificate.parser(), row.body), "certificate"))
        .toList();
  }

  /** Keeps a call within the current transaction. */
  static Uni<Void> called(CallRow row) {
    return Tx.current().session().merge(row).replaceWithVoid();
  }

  List<CallRow> openCalls() {
    return all("from CallRow where not done order by calledAt", CallRow.class);
  }

  void endCall(Bytes32 receiptHash) {
    update("update CallRow set done = true where receiptHash = :key", receiptHash);
  }

  /** A call that is not done. */
  Optional<CallRow> openCall(Bytes32 receiptHash) {
    return tx
        .runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery(
                        "from CallRow where not done and receiptHash = :receipt", CallRow.class)
                    .setParameter("receipt", receiptHash.toString())
                    .getResultList())
        .stream()
        .findFirst();
  }

  private <T> List<T> all(String query, Class<T> type) {
    return tx.runAndAwait(UNIT, session -> session.createQuery(query, type).getResultList());
  }

  private void update(String query, Bytes32 key) {
    tx.runAndAwait(
        UNIT,
        session ->
            session.createMutationQuery(query).setParameter("key", key.toString()).executeUpdate());
  }

  static <M extends MessageLite> M parse(Parser<M> parser, byte[] raw) {
    try {
      return parser.parseFrom(raw);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored message cannot be read", e);
    }
  }
}
