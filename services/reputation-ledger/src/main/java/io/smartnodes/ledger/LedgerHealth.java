package io.smartnodes.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the state follows the chain. */
@Readiness
@ApplicationScoped
public class LedgerHealth implements HealthCheck {
  private final StateLedger ledger;

  /** Called by the container. */
  public LedgerHealth(StateLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("state-ledger")
        .status(ledger.stopped().isEmpty() && ledger.states().newest().isPresent())
        .withData("epoch", ledger.states().newest().map(kept -> kept.state().epoch()).orElse(-1L))
        .withData("stopped", ledger.stopped().orElse(""))
        .build();
  }
}
