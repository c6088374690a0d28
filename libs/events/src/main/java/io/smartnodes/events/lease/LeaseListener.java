package io.smartnodes.events.lease;

/**
 * Hears of the terms of a lease, on virtual threads, for each lease one call after the other:
 * gained, lost, gained, lost. It may block.
 *
 * <p>{@link Lease#tenure()} holds the tenure from before {@code gained} until before {@code lost}.
 */
public interface LeaseListener {
  /**
   * The lease is ours. If this fails, {@code lost} follows, the lease is given back, and it is
   * tried again some seconds later.
   */
  void gained(Tenure tenure);

  /**
   * The tenure ended or is about to. Where it is given back in order, nobody else gets the lease
   * before this returns (or ten seconds have passed): drop what memory holds of it. Otherwise
   * another may have it already, and only {@link Leases#check} keeps the two apart.
   */
  void lost(Tenure tenure);
}
