package io.smartnodes.events.lease;

/** A transaction asked for a tenure that has ended: what it would have written is not written. */
public final class LeaseLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Tenure tenure;

  LeaseLost(Tenure tenure) {
    super(
        "the lease %s of %s is no longer held by this process (fence %d)"
            .formatted(tenure.name(), tenure.unit(), tenure.fence()));
    this.tenure = tenure;
  }

  /** What ended. */
  public Tenure tenure() {
    return tenure;
  }
}
