package io.smartnodes.chain;

import io.smartnodes.chain.abi.AbiReader;
import io.smartnodes.chain.abi.AccessAbi;
import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.chain.abi.ErrorDefinition;
import io.smartnodes.chain.abi.GovernorAbi;
import io.smartnodes.chain.abi.MultisigAbi;
import io.smartnodes.chain.abi.TimelockAbi;
import io.smartnodes.chain.abi.TokenAbi;
import io.smartnodes.chain.abi.VerifierAbi;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Keccak;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads why a contract refused, by the custom errors of all contracts of a deployment. */
public final class ContractErrors {
  private static final Map<String, ErrorDefinition> BY_SELECTOR = new HashMap<>();

  static {
    all().forEach(error -> BY_SELECTOR.put(selector(error.signature()), error));
    // What Solidity itself throws.
    BY_SELECTOR.put(selector("Error(string)"), new ErrorDefinition("Error", List.of("string")));
    BY_SELECTOR.put(selector("Panic(uint256)"), new ErrorDefinition("Panic", List.of("uint256")));
  }

  private ContractErrors() {}

  /** The custom errors of all contracts. */
  public static Stream<ErrorDefinition> all() {
    return Stream.of(
            TokenAbi.ERRORS,
            CoreAbi.ERRORS,
            MultisigAbi.ERRORS,
            TimelockAbi.ERRORS,
            GovernorAbi.ERRORS,
            AccessAbi.ERRORS,
            VerifierAbi.ERRORS)
        .flatMap(List::stream);
  }

  /** Reads the data of a revert; the node's own message stands in for what is unknown. */
  public static ContractError read(Bytes data, String message) {
    if (data.size() < 4) {
      return new ContractError("Unknown", List.of(message), data);
    }
    String selector = data.toString().substring(2, 10);
    ErrorDefinition error = BY_SELECTOR.get(selector);
    if (error == null) {
      return new ContractError("Unknown", List.of("0x" + selector), data);
    }
    byte[] all = data.toArray();
    AbiReader words = AbiReader.of(Bytes.of(Arrays.copyOfRange(all, 4, all.length)));
    List<String> arguments = new ArrayList<>();
    try {
      for (String type : error.types()) {
        arguments.add(text(words, arguments.size(), type));
      }
    } catch (IllegalArgumentException tooShort) {
      return new ContractError("Unknown", List.of("0x" + selector), data);
    }
    return new ContractError(error.name(), arguments, data);
  }

  private static String text(AbiReader words, int slot, String type) {
    return switch (type) {
      case "address" -> words.address(slot).toString();
      case "bool" -> Boolean.toString(words.flag(slot));
      case "string" -> words.text(slot);
      case "bytes" -> words.bytes(slot).toString();
      default ->
          type.startsWith("uint") ? words.number(slot).toString() : words.word(slot).toString();
    };
  }

  private static String selector(String signature) {
    return Keccak.text(signature).toString().substring(2, 10);
  }
}
