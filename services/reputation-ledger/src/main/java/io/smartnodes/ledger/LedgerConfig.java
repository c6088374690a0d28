package io.smartnodes.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** Settings of the reputation-ledger. */
@ConfigMapping(prefix = "smartnodes.ledger")
public interface LedgerConfig {
  /** How many of the newest states answer with proofs; Core pays against the last 16 roots. */
  @WithDefault("16")
  int statesKept();

  /** Platform threads that derive updates; by default one per processor. */
  OptionalInt threads();

  /** Derived updates that are kept until one of them is executed. */
  @WithDefault("32")
  int candidatesKept();
}
