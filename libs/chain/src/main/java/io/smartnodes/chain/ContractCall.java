package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import java.util.Optional;

/**
 * Something that an account can send or try.
 *
 * @param to whom; empty creates a contract
 * @param value of the native coin that goes along
 * @param data selector and arguments
 */
public record ContractCall(Optional<Address> to, Amount value, Bytes data) {
  /** A call without coins. */
  public static ContractCall of(Address to, Bytes data) {
    return new ContractCall(Optional.of(to), Amount.ZERO, data);
  }

  /** A plain transfer of the native coin. */
  public static ContractCall transfer(Address to, Amount value) {
    return new ContractCall(Optional.of(to), value, Bytes.EMPTY);
  }

  ChainClient.Message from(Address sender) {
    return new ChainClient.Message(sender, to, value, data);
  }
}
