package io.smartnodes.validator.ops.check;

import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.postgresql.ds.PGSimpleDataSource;

/** The five schemas of a validator, and how each is reached. */
public final class Databases {
  /** The units, which are the names of their schemas too. */
  public static final List<String> UNITS =
      List.of("registry", "router", "attestation", "ledger", "proposer");

  static final String URL = "smartnodes.db.url";

  private Databases() {}

  static String userKey(String unit) {
    return "quarkus.datasource." + unit + ".username";
  }

  static String passwordKey(String unit) {
    return "quarkus.datasource." + unit + ".password";
  }

  /**
   * The database of a unit.
   *
   * @throws IllegalStateException if its address is not set
   */
  public static PGSimpleDataSource source(Config config, String unit) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    String url =
        text(config, "quarkus.datasource." + unit + ".jdbc.url")
            .or(() -> text(config, URL).map(given -> "jdbc:" + given))
            .orElseThrow(() -> new IllegalStateException(URL + " is not set"));
    source.setUrl(url);
    text(config, userKey(unit)).ifPresent(source::setUser);
    text(config, passwordKey(unit)).ifPresent(source::setPassword);
    source.setConnectTimeout(5);
    source.setLoginTimeout(10);
    source.setSocketTimeout(120);
    source.setApplicationName("smartnodes-" + unit);
    return source;
  }

  private static Optional<String> text(Config config, String key) {
    return config.getOptionalValue(key, String.class).filter(value -> !value.isBlank());
  }
}
