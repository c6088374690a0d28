package io.smartnodes.attestation.facts;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.events.state.StateView;
import io.smartnodes.quarkus.SelfChannel;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the state has arrived, while the signer is in reach: verdicts are nothing without its
 * signature.
 */
@Readiness
@ApplicationScoped
public class AttestationHealth implements HealthCheck {
  private static final String SIGNER = "chain-proposer";

  private final StateView state;
  private final SelfChannel self;

  /** Called by the container. */
  public AttestationHealth(@Identifier("attestation") StateView state, SelfChannel self) {
    this.state = state;
    this.self = self;
  }

  @Override
  public HealthCheckResponse call() {
    boolean signer = self.reaches(SIGNER);
    return HealthCheckResponse.named("attestation")
        .withData("epoch", state.epoch())
        .withData("signer", signer ? "in reach" : "out of reach at " + self.address(SIGNER))
        .status(signer && state.epoch() >= 0)
        .build();
  }
}
