package io.smartnodes.cli.contracts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who founds a network, as its founders agree on it (YAML or JSON; docs/operations/deployment.md).
 * Addresses, keys and hashes are hexadecimal text, amounts wei of SNO as decimal text.
 *
 * @param treasury where the treasury's share goes
 * @param guardian who may pause; absent: only governance
 * @param seed 32 bytes that nobody could choose, such as the hash of a block
 * @param founders the first validators, in the order of the set
 * @param allocation SNO at genesis beside the stakes
 */
public record PlanFile(
    @Nullable String treasury,
    @Nullable String guardian,
    @Nullable String seed,
    @Nullable List<Founder> founders,
    @Nullable Map<String, String> allocation) {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** A validator of the first set; payout absent: the operator. */
  public record Founder(
      @Nullable String operator,
      @Nullable String nodeKey,
      @Nullable String payout,
      @Nullable String stake) {}

  /**
   * Reads a plan for a network.
   *
   * @throws IllegalArgumentException with the field at fault
   */
  public static DeploymentPlan read(Path file, NetworkProfile profile) throws IOException {
    try {
      return YAML.readValue(file.toFile(), PlanFile.class).toPlan(profile);
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(file + ": " + wrong.getOriginalMessage(), wrong);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private DeploymentPlan toPlan(NetworkProfile profile) {
    List<DeploymentPlan.Founder> read = new ArrayList<>();
    for (Founder founder : founders == null ? List.<Founder>of() : founders) {
      String at = "founders[" + read.size() + "].";
      Address operator = address(at + "operator", founder.operator());
      read.add(
          new DeploymentPlan.Founder(
              operator,
              key(at + "nodeKey", founder.nodeKey()),
              founder.payout() == null ? operator : address(at + "payout", founder.payout()),
              amount(at + "stake", founder.stake()),
              Optional.empty()));
    }
    if (read.isEmpty()) {
      throw new IllegalArgumentException("founders: at least one is needed");
    }
    Map<Address, Amount> shares = new TreeMap<>();
    (allocation == null ? Map.<String, String>of() : allocation)
        .forEach((account, share) ->
            shares.put(address("allocation", account), amount("allocation of " + account, share)));
    return new DeploymentPlan(
        profile,
        read,
        shares,
        address("treasury", treasury),
        guardian == null ? Address.ZERO : address("guardian", guardian),
        value("seed", seed, "32 bytes in hexadecimal", Bytes32::fromHex));
  }

  private static Address address(String field, @Nullable String text) {
    return value(field, text, "0x and 40 hexadecimal digits", Address::fromHex);
  }

  private static Amount amount(String field, @Nullable String text) {
    return value(
        field, text, "an amount in wei of SNO", amount -> new Amount(new BigInteger(amount)));
  }

  private static PublicKey key(String field, @Nullable String text) {
    PublicKey key =
        value(
            field,
            text,
            "a public key: 64 bytes in hexadecimal",
            bytes -> new PublicKey(Bytes.fromHex(bytes)));
    if (!key.isOnCurve()) {
      throw new IllegalArgumentException(field + ": no point of secp256k1");
    }
    return key;
  }

  private static <T> T value(
      String field,
      @Nullable String text,
      String expected,
      java.util.function.Function<String, T> read) {
    if (text == null) {
      throw new IllegalArgumentException(field + ": missing, expected " + expected);
    }
    try {
      return read.apply(text);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(field + ": '" + text + "' is not " + expected, wrong);
    }
  }
}
