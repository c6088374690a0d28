package io.smartnodes.cli.network;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.sdk.Identity;

/**
 * The keys of a local network, all of them from its seed, so that a run can be repeated. Anybody
 * can compute them: they are worthless outside the chain that was started with them.
 *
 * @param seed of the network
 */
public record LocalKeys(long seed) {
  /** The account of validator {@code index}, counted from zero. */
  public NodeKey operator(int index) {
    return key("operator", index);
  }

  /** The node key of validator {@code index}. */
  public NodeKey validatorNode(int index) {
    return key("validator", index);
  }

  /** Account and node key of worker {@code index}. */
  public Identity worker(int index) {
    return new Identity(key("worker account", index), key("worker node", index));
  }

  /** Account and node key of the user. */
  public Identity user() {
    return new Identity(key("user account", 0), key("user node", 0));
  }

  /** An identity that nobody registered. */
  public Identity stranger(int index) {
    return new Identity(key("stranger account", index), key("stranger node", index));
  }

  /** The account of the treasury. */
  public NodeKey treasury() {
    return key("treasury", 0);
  }

  /** The seed of epoch 0. */
  public Bytes32 genesisSeed() {
    return Keccak.text("smartnodes local network " + seed);
  }

  private NodeKey key(String role, int index) {
    return NodeKey.of(Keccak.text("smartnodes local network " + seed + " " + role + " " + index));
  }
}
