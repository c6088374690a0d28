package io.smartnodes.proposer;

import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.set.ValidatorSets;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * The process that acts is ready while the chain's head moves; one that stands by, while it knows
 * who acts. Siblings and peers do not count: they need this process to start, and a validator that
 * nobody reaches still follows. {@code standing} says whether this validator votes; one that only
 * follows is as ready as any other. Key: {@code smartnodes.chain.stale-after}.
 */
@Readiness
@Singleton
public class ChainHealth implements HealthCheck {
  private final ChainTime time;
  private final ValidatorSets validators;
  private final Duty duty;
  private final Duration staleAfter;

  /** Called by the container. */
  public ChainHealth(
      ChainTime time,
      ValidatorSets validators,
      Duty duty,
      @ConfigProperty(name = "smartnodes.chain.stale-after") Duration staleAfter) {
    this.time = time;
    this.validators = validators;
    this.duty = duty;
    this.staleAfter = staleAfter;
  }

  @Override
  public HealthCheckResponse call() {
    boolean active = duty.isActive();
    Optional<String> holder = duty.holderAddress();
    boolean fresh = time.age().filter(age -> age.compareTo(staleAfter) <= 0).isPresent();
    return HealthCheckResponse.named("chain")
        .withData("role", active ? "acts" : "stands by")
        .withData("holder", holder.orElse("unknown"))
        .withData("head", time.now().map(Instant::toString).orElse("unknown"))
        .withData("age", time.age().map(age -> age.toSeconds() + " s").orElse("unknown"))
        .withData("confirmed", time.confirmed().map(Instant::toString).orElse("unknown"))
        .withData("standing", validators.standing().text())
        .status(active ? fresh : holder.isPresent())
        .build();
  }
}
