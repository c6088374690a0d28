package io.smartnodes.chain.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the contracts start on one chain; a file beside this class for each. Units and bounds stand
 * in docs/operations/deployment.md, and the contracts check them.
 *
 * @param name of the profile
 * @param chainId the only chain that it is for
 * @param parameters of the state by name, all but treasury and genesis
 * @param validators terms of the multisig
 * @param governance terms of governor and timelock
 * @param assets accepted beside SNO
 */
public record NetworkProfile(
    String name,
    long chainId,
    Map<String, Amount> parameters,
    Validators validators,
    Governance governance,
    List<Asset> assets) {
  /** The local chain that {@code smartnodes up} starts. */
  public static final String LOCAL = "local";

  /** The profiles that exist. */
  public static final List<String> NAMES = List.of(LOCAL, "base-sepolia", "base");

  private static final String TREASURY = "treasury";
  private static final String GENESIS = "genesis";

  /** In the order of the leaf (docs/protocol/2-rules.md, 2.9). */
  private static final List<String> ORDER =
      List.of(
          "epochLength",
          "roundLength",
          "confirmationDepth",
          "feeBasisPoints",
          "referenceFee",
          "scoreDecay",
          "witnesses",
          "jurySize",
          "sampleSize",
          "holdLifetime",
          "closingDelay",
          "releaseDelay",
          TREASURY,
          GENESIS,
          "maxUnitsPerJob",
          "maxUnitsPerLease",
          "holdSlash");

  /** Copies the collections. */
  public NetworkProfile {
    parameters = Map.copyOf(parameters);
    assets = List.copyOf(assets);
  }

  /** Terms of the multisig; the stake in wei of SNO. */
  public record Validators(
      Duration joinPeriod, Duration exitNotice, Duration unbonding, Amount minimumStake) {}

  /** Terms of governor and timelock; the threshold in wei of SNO. */
  public record Governance(
      Duration votingDelay,
      Duration votingPeriod,
      Amount proposalThreshold,
      int quorumPercent,
      Duration timelockDelay) {}

  /** An asset and what it counts for: SNO wei per 10^18 of its smallest units. */
  public record Asset(Address asset, Amount rate) {}

  /**
   * A profile by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static NetworkProfile named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "there is no network " + name + ", only " + String.join(", ", NAMES));
    }
    try (InputStream in = NetworkProfile.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the profile " + name + " is not on the class path");
      }
      return read(name, new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("the profile " + name + " cannot be read", e);
    }
  }

  private static NetworkProfile read(String name, JsonNode root) {
    Map<String, Amount> parameters = new TreeMap<>();
    for (String parameter : ORDER) {
      if (!parameter.equals(TREASURY) && !parameter.equals(GENESIS)) {
        parameters.put(parameter, amount(root.path("parameters"), parameter));
      }
    }
    JsonNode validators = root.path("validators");
    JsonNode governance = root.path("governance");
    List<Asset> assets = new ArrayList<>();
    root.path("assets")
        .forEach(asset ->
            assets.add(
                new Asset(Address.fromHex(asset.path("asset").asText()), amount(asset, "rate"))));
    return new NetworkProfile(
        name,
        root.path("chainId").asLong(),
        parameters,
        new Validators(
            seconds(validators, "joinPeriod"),
            seconds(validators, "exitNotice"),
            seconds(validators, "unbonding"),
            amount(validators, "minimumStake")),
        new Governance(
            seconds(governance, "votingDelay"),
            seconds(governance, "votingPeriod"),
            amount(governance, "proposalThreshold"),
            governance.path("quorumPercent").asInt(),
            seconds(governance, "timelockDelay")),
        assets);
  }

  /** The parameters of the first state. */
  public ProtocolParameters parameters(Address treasury, Instant genesis) {
    Map<String, Amount> all = new TreeMap<>(parameters);
    all.put(TREASURY, new Amount(treasury.toWord().toNumber()));
    all.put(GENESIS, Amount.of(genesis.getEpochSecond()));
    return new ProtocolParameters(
        ORDER.stream().map(name -> all.getOrDefault(name, Amount.ZERO)).toList());
  }

  private static Duration seconds(JsonNode node, String field) {
    if (!node.path(field).isIntegralNumber()) {
      throw new IllegalArgumentException(field + " must be a number of seconds");
    }
    return Duration.ofSeconds(node.path(field).longValue());
  }

  private static Amount amount(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new IllegalArgumentException(field + " must be a decimal number in quotes");
    }
    return new Amount(new BigInteger(node.path(field).textValue()));
  }
}
