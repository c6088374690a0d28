package io.smartnodes.chain.abi;

import java.util.List;

/**
 * A custom error of a contract.
 *
 * @param name as in its source
 * @param types of its arguments, in order
 */
public record ErrorDefinition(String name, List<String> types) {
  /** Copies the list. */
  public ErrorDefinition {
    types = List.copyOf(types);
  }

  /** What its selector is the hash of. */
  public String signature() {
    return name + "(" + String.join(",", types) + ")";
  }
}
