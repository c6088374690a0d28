package io.smartnodes.proposer;

import io.smartnodes.proposer.set.ValidatorSets;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the chain's head is known. {@code standing} says whether this validator votes; one
 * that only follows is as ready as any other.
 */
@Readiness
@Singleton
public class ChainHealth implements HealthCheck {
  private final ChainTime time;
  private final ValidatorSets validators;

  /** Called by the container. */
  public ChainHealth(ChainTime time, ValidatorSets validators) {
    this.time = time;
    this.validators = validators;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("chain")
        .withData("head", time.now().map(Instant::toString).orElse("unknown"))
        .withData("confirmed", time.confirmed().map(Instant::toString).orElse("unknown"))
        .withData("standing", validators.standing().text())
        .status(time.now().isPresent())
        .build();
  }
}
