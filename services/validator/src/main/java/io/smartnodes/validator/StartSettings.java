package io.smartnodes.validator;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Keys that are needed before the services start, from where they read them too. */
final class StartSettings {
  private final SmallRyeConfig config;

  private StartSettings(SmallRyeConfig config) {
    this.config = config;
  }

  /** System properties, environment, {@code .env} and {@code config/application.properties}. */
  static StartSettings fromEnvironment() {
    return new StartSettings(
        new SmallRyeConfigBuilder().addDefaultInterceptors().addSystemSources().build());
  }

  static StartSettings of(Map<String, String> values) {
    return new StartSettings(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new io.smallrye.config.PropertiesConfigSource(values, "given", 100))
            .build());
  }

  Config config() {
    return config;
  }

  boolean flag(String key) {
    return config.getOptionalValue(key, Boolean.class).orElse(false);
  }

  int number(String key, int otherwise) {
    return config.getOptionalValue(key, Integer.class).orElse(otherwise);
  }

  Optional<Path> path(String key) {
    return config.getOptionalValue(key, String.class).map(Path::of);
  }

  private boolean isAbsent(String key) {
    return config.getOptionalValue(key, String.class).isEmpty();
  }

  /** What follows from the deployment and the keystore, unless it is given itself. */
  Map<String, String> derived() throws IOException {
    Map<String, String> derived = new HashMap<>();
    Optional<Path> file = path("smartnodes.deployment");
    if (file.isPresent()) {
      Deployment deployment = Deployments.read(file.get());
      put(derived, "smartnodes.chain-id", Long.toString(deployment.chainId()));
      put(derived, "smartnodes.core-address", deployment.core().toString());
    }
    Optional<Path> keystore = path("smartnodes.keystore.file");
    Optional<Path> password = path("smartnodes.keystore.password-file");
    if (isAbsent("smartnodes.peer-id") && keystore.isPresent() && password.isPresent()) {
      String secret = Files.readString(password.get()).strip();
      derived.put("smartnodes.peer-id", Keystore.read(keystore.get(), secret).peerId().toString());
    }
    return derived;
  }

  private void put(Map<String, String> derived, String key, String value) {
    if (isAbsent(key)) {
      derived.put(key, value);
    }
  }
}
