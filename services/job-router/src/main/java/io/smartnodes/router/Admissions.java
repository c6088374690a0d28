package io.smartnodes.router;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.router.rows.JobRow;
import io.smartnodes.wire.JobStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Enters jobs so that their holds together never exceed an allotment, whichever instances they come
 * to: a lock per account and asset is kept until the new job is stored.
 */
@ApplicationScoped
public class Admissions {
  private static final String UNIT = RouterState.UNIT;

  private final Tx tx;
  private final RouterStore store;

  /** Called by the container. */
  public Admissions(Tx tx, RouterStore store) {
    this.tx = tx;
    this.store = store;
  }

  /**
   * What is stored of the user before a job enters.
   *
   * @param openHolds promised of the allotment and not yet shown by the state
   */
  record Before(Amount openHolds, boolean nonceUsed) {}

  /**
   * Stores the step that the function makes; what it throws is thrown, and nothing is stored.
   *
   * @throws io.smartnodes.events.lease.LeaseLost if the tenure has ended
   */
  LiveJob enter(JobSpec spec, Tenure tenure, Function<Before, JobStep> judge) {
    return tx.runAndAwait(
        UNIT,
        session ->
            Leases.check(tenure)
                .chain(() -> lock(session, spec))
                .chain(() -> before(session, spec))
                .chain(before -> {
                  JobStep step = judge.apply(before);
                  return store.store(session, step, false).replaceWith(step.job());
                }));
  }

  /** What is promised of an allotment and not yet shown by the state, but for one job. */
  Amount openHolds(JobSpec spec, Bytes32 except) {
    return tx.runAndAwait(UNIT, session -> openHolds(session, spec, except));
  }

  private static Uni<Void> lock(Mutiny.Session session, JobSpec spec) {
    return session
        .createNativeQuery(
            "select 1 from (select pg_advisory_xact_lock(hashtextextended(:key, 0))) locked",
            Integer.class)
        .setParameter("key", spec.user() + ":" + spec.asset())
        .getSingleResult()
        .replaceWithVoid();
  }

  private static Uni<Before> before(Mutiny.Session session, JobSpec spec) {
    return openHolds(session, spec, Bytes32.ZERO)
        .chain(open -> isNonceUsed(session, spec).map(nonceUsed -> new Before(open, nonceUsed)));
  }

  private static Uni<Amount> openHolds(Mutiny.Session session, JobSpec spec, Bytes32 except) {
    return session
        .createQuery(
            "from JobRow where account = :account and asset = :asset and not done and not anchored"
                + " and id <> :except",
            JobRow.class)
        .setParameter("account", spec.user().toString())
        .setParameter("asset", spec.asset().toString())
        .setParameter("except", except.toString())
        .getResultList()
        .map(Admissions::sum);
  }

  private static Amount sum(List<JobRow> rows) {
    return rows.stream()
        .map(row -> RouterStore.parse(io.smartnodes.proto.types.v1.JobSpec.parser(), row.spec))
        .map(spec -> JobStructs.fromProto(spec, "spec").maxPrice())
        .reduce(Amount.ZERO, Amount::plus);
  }

  private static Uni<Boolean> isNonceUsed(Mutiny.Session session, JobSpec spec) {
    return session
        .createQuery(
            "select count(*) from JobRow where account = :account and nonce = :nonce", Long.class)
        .setParameter("account", spec.user().toString())
        .setParameter("nonce", spec.nonce())
        .getSingleResult()
        .map(count -> count > 0);
  }
}
