package io.smartnodes.cli.network.process;

import io.smartnodes.sdk.Bootstrap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of the five processes of a validator; none of them is secret. */
record SplitSettings(
    Surroundings around,
    Founder founder,
    Founder.Secrets secrets,
    List<Bootstrap> others,
    List<ServiceProcess> services) {
  /** What all five have. */
  Map<String, String> common(Backing backing) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("smartnodes.peer-id", founder.peer().toString());
    settings.put("smartnodes.chain-id", Long.toString(around.deployment().chainId()));
    settings.put("smartnodes.core-address", around.deployment().core().toString());
    settings.put("smartnodes.operator", founder.account().toString());
    settings.put("smartnodes.deployment", around.deploymentFile().toString());
    settings.put("smartnodes.db.url", backing.databaseUrl());
    settings.put("smartnodes.events.transport", "kafka");
    settings.put("smartnodes.kafka.bootstrap-servers", backing.bootstrapServers());
    settings.put("smartnodes.signer.token-file", secrets.token().toString());
    settings.put(
        "smartnodes.bootstrap",
        others.stream().map(Bootstrap::toString).collect(Collectors.joining(",")));
    for (ServiceProcess service : services) {
      settings.put("smartnodes.services." + service.name() + ".address", service.address());
      settings.put("smartnodes.services." + service.name() + ".public-address", service.address());
      if (service.name().equals("chain-proposer")) {
        settings.put("smartnodes.signer.url", "https://" + service.address());
      }
    }
    return settings;
  }

  /** What only the signer has. */
  static Map<String, String> ofSigner(Founder founder, Surroundings around) {
    return Map.of(
        "smartnodes.rpc.url", around.rpc().toString(),
        "smartnodes.keystore.file", founder.home().resolve(founder.keystore()).toString(),
        "smartnodes.keystore.password-file", around.password().toString(),
        "smartnodes.account.keystore-file", founder.home().resolve("account.json").toString(),
        "smartnodes.account.password-file", around.password().toString(),
        "smartnodes.signer.high-water-file",
            founder.home().resolve(founder.keystore() + ".signed").toString());
  }
}
