package io.smartnodes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smartnodes.protocol.peer.Endpoint;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** What a validator says of where its services listen. */
class AnnouncerTest {
  @Test
  void aValidatorInOneProcessServesEverythingAtOneAddress() {
    assertThat(
            Announcer.endpoints(
                config(
                    Map.of(
                        "smartnodes.public-host", "validator.example",
                        "quarkus.http.ssl-port", "7443"))))
        .hasSize(5)
        .allMatch(endpoint -> endpoint.host().equals("validator.example"))
        .allMatch(endpoint -> endpoint.port() == 7443);
  }

  @Test
  void aSplitValidatorNamesAnAddressPerServiceAndTheUsualOneForTheRest() {
    assertThat(
            Announcer.endpoints(
                config(
                    Map.of(
                        "smartnodes.public-host", "validator.example",
                        "smartnodes.public-port", "443",
                        "smartnodes.services.job-router.public-address", "jobs.example:30001",
                        "smartnodes.services.chain-proposer.public-address", "10.0.0.7:30002"))))
        .containsExactlyInAnyOrder(
            new Endpoint("peer-registry", "validator.example", 443),
            new Endpoint("job-router", "jobs.example", 30_001),
            new Endpoint("attestation", "validator.example", 443),
            new Endpoint("reputation-ledger", "validator.example", 443),
            new Endpoint("chain-proposer", "10.0.0.7", 30_002));
  }

  @Test
  void anAddressThatNobodyCouldUseIsRefusedByTheNameOfItsKey() {
    for (String wrong :
        new String[] {"jobs.example", ":30001", "jobs.example:0", "a:b", "a:70000"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              Announcer.endpoints(
                  config(
                      Map.of(
                          "quarkus.http.ssl-port",
                          "7443",
                          "smartnodes.services.job-router.public-address",
                          wrong))))
          .withMessageContaining("smartnodes.services.job-router.public-address")
          .withMessageContaining(wrong);
    }
  }

  private static Config config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "given", 100))
        .build();
  }
}
