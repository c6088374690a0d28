package io.smartnodes.router;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.events.state.StateView;
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
 *
 * <p>A hold that the state shows counts no more among those that are open, since the allotment is
 * smaller by it. Another instance may know that state earlier, and mark the hold: an allotment is
 * judged only by a state that is as new as all marks, or the same money would be promised twice.
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
   * @param epoch the state that judges is of this epoch at least
   */
  record Before(Amount openHolds, boolean nonceUsed, long epoch) {}

  /** This instance has to catch up with the state before it can judge. */
  static final class Behind extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Behind(long epoch) {
      super("epoch " + epoch + " is not known here yet", null, false, false);
    }
  }

  /**
   * Stores the step that the function makes; what it throws is thrown, and nothing is stored.
   *
   * @throws io.smartnodes.events.lease.LeaseLost if the tenure has ended
   * @throws Behind if the function does
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

  /**
   * What is promised of an allotment and not yet shown by the state, but for one job.
   *
   * @throws Behind if the caller judges by an older state than others that marked holds
   */
  Amount openHolds(JobSpec spec, Bytes32 except, long epoch) {
    return tx.runAndAwait(
        UNIT,
        session ->
            openHolds(session, spec, except)
                .chain(open ->
                    StateView.storedEpoch()
                        .map(stored -> {
                          if (stored > epoch) {
                            throw new Behind(stored);
                          }
                          return open;
                        })));
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
    // The epoch last: it is stored before any hold is marked by it.
    return openHolds(session, spec, Bytes32.ZERO)
        .chain(open ->
            isNonceUsed(session, spec)
                .chain(nonceUsed ->
                    StateView.storedEpoch().map(epoch -> new Before(open, nonceUsed, epoch))));
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
