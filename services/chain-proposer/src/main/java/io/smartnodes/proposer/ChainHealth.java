package io.smartnodes.proposer;

import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the chain's head is known. */
@Readiness
@Singleton
public class ChainHealth implements HealthCheck {
  private final ChainTime time;

  /** Called by the container. */
  public ChainHealth(ChainTime time) {
    this.time = time;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("chain")
        .withData("head", time.now().map(Instant::toString).orElse("unknown"))
        .withData("confirmed", time.confirmed().map(Instant::toString).orElse("unknown"))
        .status(time.now().isPresent())
        .build();
  }
}
