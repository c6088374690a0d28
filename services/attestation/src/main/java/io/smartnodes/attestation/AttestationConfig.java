package io.smartnodes.attestation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of attestation. */
@ConfigMapping(prefix = "smartnodes.attestation")
public interface AttestationConfig {
  /** How long verdicts, calls and certificates are offered to who does not answer. */
  @WithDefault("10m")
  Duration persistence();

  /** How long a session hears refutations. */
  @WithDefault("1h")
  Duration sessionLife();
}
