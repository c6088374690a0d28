package io.smartnodes.attestation;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.state.StateView;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** What the service publishes and folds. */
@Singleton
public class AttestationBeans {
  @Produces
  @Singleton
  TopicsPublished attestationTopics() {
    return new TopicsPublished(AttestationStore.UNIT, Set.of("attestation.v1"));
  }

  @Produces
  @Singleton
  @Identifier("attestation")
  StateView attestationState(Tx tx) {
    return new StateView(AttestationStore.UNIT, tx);
  }
}
