package io.smartnodes.sdk;

import io.smartnodes.protocol.PeerId;
import java.util.Arrays;
import java.util.List;

/**
 * A validator to start from.
 *
 * @param peer the only node that is accepted at the address
 * @param address {@code host:port}
 */
public record Bootstrap(PeerId peer, String address) {
  /**
   * Reads {@code peerId@host:port}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Bootstrap parse(String text) {
    int at = text.indexOf('@');
    if (at < 0 || text.indexOf(':', at) < 0) {
      throw new IllegalArgumentException(
          "expected PEER_ID@HOST:PORT, got '" + text + "'; a validator prints its own at start");
    }
    return new Bootstrap(PeerId.fromHex(text.substring(0, at)), text.substring(at + 1));
  }

  /** Reads a list with commas. */
  public static List<Bootstrap> parseList(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::trim).map(Bootstrap::parse).toList();
  }

  @Override
  public String toString() {
    return peer + "@" + address;
  }
}
