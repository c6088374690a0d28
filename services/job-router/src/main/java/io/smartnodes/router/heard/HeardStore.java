package io.smartnodes.router.heard;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.RouterState;
import io.smartnodes.router.RouterStore;
import io.smartnodes.router.rows.CertificateRow;
import io.smartnodes.router.rows.SeedRow;
import io.smartnodes.wire.BodyStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates, seeds and the chain's head in the database; for virtual threads. */
@ApplicationScoped
public class HeardStore {
  private static final String UNIT = RouterState.UNIT;
  private static final int ROWS_AT_ONCE = 500;

  private final Tx tx;

  /** Called by the container. */
  public HeardStore(Tx tx) {
    this.tx = tx;
  }

  /** Keeps the newest block's number, within the current transaction. */
  static Uni<Void> storeHead(long number) {
    return Tx.current()
        .session()
        .createNativeQuery(
            "insert into {h-schema}chain_head (one, number) values (1, :number)"
                + " on conflict (one) do update set number = greatest(chain_head.number, :number)")
        .setParameter("number", number)
        .executeUpdate()
        .replaceWithVoid();
  }

  /** The newest block's number that any instance has seen, 0 before the first. */
  public long head() {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createNativeQuery("select number from {h-schema}chain_head", Long.class)
                .getResultList()
                .map(rows -> rows.isEmpty() ? 0L : rows.getFirst()));
  }

  /** The certificates of jobs that have been seen. */
  public List<Certificate> certificates(Collection<Bytes32> jobs) {
    List<String> ids = jobs.stream().map(Bytes32::toString).toList();
    List<Certificate> found = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += ROWS_AT_ONCE) {
      found.addAll(
          certificates(
              "job in :value", ids.subList(from, Math.min(from + ROWS_AT_ONCE, ids.size()))));
    }
    return found;
  }

  /** One certificate by the key of its row. */
  public Optional<Certificate> certificate(String id) {
    return certificates("id = :value", id).stream().findFirst();
  }

  /** The workers of whom a receipt was refuted. */
  public List<Address> refuted() {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery(
                    "select distinct worker from CertificateRow where outcome = :refuted",
                    String.class)
                .setParameter("refuted", Outcome.REFUTED.code())
                .getResultList()
                .map(workers -> workers.stream().map(Address::fromHex).toList()));
  }

  private List<Certificate> certificates(String condition, Object value) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from CertificateRow where " + condition, CertificateRow.class)
                .setParameter("value", value)
                .getResultList()
                .map(rows -> rows.stream().map(HeardStore::certificate).toList()));
  }

  private static Certificate certificate(CertificateRow row) {
    return BodyStructs.fromProto(
        RouterStore.parse(io.smartnodes.proto.types.v1.Certificate.parser(), row.body),
        "certificate");
  }

  /** The seeds of all epochs behind one. */
  public Map<Long, Bytes32> seeds(long after) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from SeedRow where epoch > :after", SeedRow.class)
                .setParameter("after", after)
                .getResultList()
                .map(rows -> {
                  Map<Long, Bytes32> seeds = new HashMap<>();
                  rows.forEach(row -> seeds.put(row.epoch, Bytes32.fromHex(row.seed)));
                  return seeds;
                }));
  }
}
