package io.smartnodes.protocol;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;

/** The identity of a node and its place in the DHT: Keccak-256 of its public key. */
public record PeerId(Bytes32 value) implements Comparable<PeerId> {
  /** The id of a node key. */
  public static PeerId of(PublicKey key) {
    return new PeerId(key.peerId());
  }

  /** Reads hexadecimal text. */
  public static PeerId fromHex(String text) {
    return new PeerId(Bytes32.fromHex(text));
  }

  @Override
  public int compareTo(PeerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
