package io.smartnodes.proposer.duty;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.lease.Lease;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.Errors;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Whether this process acts for the validator (docs/protocol/6-epochs.md 6.9). What the acting
 * process writes is written by {@link #write}, which checks its tenure in the same transaction: a
 * process that was paused, or cut off, while another took over commits nothing, and what is not
 * committed is neither signed nor sent.
 */
@Singleton
public class Duty {
  private final Tx tx;
  private volatile Optional<Lease> lease = Optional.empty();
  private volatile Optional<Tenure> begun = Optional.empty();
  private volatile boolean open;

  /** Called by the container. */
  public Duty(Tx tx) {
    this.tx = tx;
  }

  /** Tries to act from now on, for the life of the process. */
  public void seek(Leases leases, String name, LeaseListener listener) {
    lease = Optional.of(leases.keep(Rows.UNIT, name, listener));
  }

  /** A term begins: transactions are checked by it, but nothing is served before {@link #open}. */
  public void begin(Tenure tenure) {
    open = false;
    begun = Optional.of(tenure);
  }

  /** Everything is as a term wants it: requests are served from now on. */
  public void open() {
    open = true;
  }

  /** The term is over. */
  public void end() {
    open = false;
    begun = Optional.empty();
  }

  /** Whether this process acts now, by its own clock; for every thread, without the database. */
  public boolean isActive() {
    Optional<Tenure> ours = begun;
    return open && ours.isPresent() && lease.flatMap(Lease::tenure).equals(ours);
  }

  /** Where the process is reached that acts, as far as this one knows. */
  public Optional<String> holderAddress() {
    return lease.flatMap(Lease::holderAddress);
  }

  /**
   * Returns if this process acts now.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE}, so that the caller asks again and
   *     finds the process that does
   */
  public void require() {
    if (!isActive()) {
      throw notActive();
    }
  }

  /** What callers are told who came to a process that does not act. */
  public static RuntimeException notActive() {
    return Errors.status(
        ErrorCode.ERROR_CODE_NOT_READY,
        "",
        "this process does not act for the validator now: ask again");
  }

  /**
   * Fails the current transaction if the term is over; else nobody begins another before the
   * transaction has ended. Check first, then write.
   */
  public Uni<Void> check() {
    return Uni.createFrom()
        .deferred(() ->
            begun.map(Leases::check).orElseGet(() -> Uni.createFrom().failure(Duty::notActive)));
  }

  /** A transaction that commits only within the term; for worker and virtual threads. */
  public <T> T write(Function<Mutiny.Session, Uni<T>> work) {
    return tx.runAndAwait(Rows.UNIT, session -> check().chain(() -> work.apply(session)));
  }
}
