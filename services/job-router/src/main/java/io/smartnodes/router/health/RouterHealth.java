package io.smartnodes.router.health;

import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.router.RouterState;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the state has arrived, while the signer is in reach: holds and leases are nothing
 * without its signature.
 */
@Readiness
@ApplicationScoped
public class RouterHealth implements HealthCheck {
  private static final String SIGNER = "chain-proposer";

  private final RouterState state;
  private final SelfChannel self;

  /** Called by the container. */
  public RouterHealth(RouterState state, SelfChannel self) {
    this.state = state;
    this.self = self;
  }

  @Override
  public HealthCheckResponse call() {
    boolean signer = self.reaches(SIGNER);
    return HealthCheckResponse.named("job-router")
        .withData("epoch", state.epoch())
        .withData("signer", signer ? "in reach" : "out of reach at " + self.address(SIGNER))
        .status(signer && state.epoch() >= 0)
        .build();
  }
}
