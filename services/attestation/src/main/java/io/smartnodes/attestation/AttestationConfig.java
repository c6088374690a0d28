package io.smartnodes.attestation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of attestation. */
@ConfigMapping(prefix = "smartnodes.attestation")
public interface AttestationConfig {
  /**
   * How long certificates are offered to who does not answer; calls and verdicts at least so long,
   * and as long as the job is open.
   */
  @WithDefault("10m")
  Duration persistence();

  /** How long a session hears refutations; without a certificate as long as the job is open. */
  @WithDefault("1h")
  Duration sessionLife();
}
