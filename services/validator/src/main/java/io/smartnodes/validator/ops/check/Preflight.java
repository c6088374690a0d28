package io.smartnodes.validator.ops.check;

import io.smartnodes.validator.ops.check.KeysCheck.Keys;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** All checks, always in the same order; one that finds something does not keep others back. */
public final class Preflight {
  private Preflight() {}

  /** What is not as it must be; nothing if all is well. */
  public static List<Finding> run(Config config) {
    List<Finding> findings = new ArrayList<>();
    Settings settings = new Settings(config, findings);
    new DatabaseCheck(settings).run();
    new KafkaCheck(settings).run();
    Keys keys = new KeysCheck(settings).run();
    new ChainCheck(settings).run(keys);
    // Several checks may miss the same setting.
    return findings.stream().distinct().toList();
  }
}
