package io.smartnodes.chain;

import io.smartnodes.crypto.Bytes;
import java.util.List;

/**
 * Why a contract refused.
 *
 * @param name of the custom error, {@code Error} for a text, {@code Panic} for a broken assertion,
 *     {@code Unknown} for what no known contract throws
 * @param arguments in order, as text: addresses and hashes in hexadecimal, numbers in decimal
 * @param data as it came from the chain
 */
public record ContractError(String name, List<String> arguments, Bytes data) {
  /** Copies the list. */
  public ContractError {
    arguments = List.copyOf(arguments);
  }

  @Override
  public String toString() {
    return name + "(" + String.join(", ", arguments) + ")";
  }
}
