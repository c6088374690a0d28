package io.smartnodes.chain.contracts;

import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.abi.AbiReader;
import io.smartnodes.chain.abi.Query;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.protocol.Amount;
import java.util.Optional;
import java.util.Set;

/** One contract at its address. Questions block and are answered for the newest block. */
record Contract(ChainClient client, Address address) {
  /** A call that carries no coins. */
  ContractCall call(Bytes data) {
    return ContractCall.of(address, data);
  }

  /** A call that carries native coins. */
  ContractCall call(Bytes data, Amount value) {
    return new ContractCall(Optional.of(address), value, data);
  }

  /**
   * The answer to a question.
   *
   * @throws ChainFailure if there is no such contract, or it refuses
   */
  <R> R ask(Query<R> query) {
    return ask(query, Set.of())
        .orElseThrow(() -> new ChainFailure("the contract at " + address + " refuses to answer"));
  }

  /** The answer to a question; empty if it is refused with one of the named errors. */
  <R> Optional<R> ask(Query<R> query, Set<String> refusals) {
    return switch (client.call(Address.ZERO, call(query.data()))) {
      case CallOutcome.Returned answer -> Optional.of(read(query, answer.data()));
      case CallOutcome.Reverted refused when refusals.contains(refused.error().name()) ->
          Optional.empty();
      case CallOutcome.Reverted refused ->
          throw new ChainFailure("the contract at " + address + " refuses: " + refused.error());
    };
  }

  private <R> R read(Query<R> query, Bytes data) {
    try {
      return query.result().apply(AbiReader.of(data));
    } catch (IllegalArgumentException | ArithmeticException unreadable) {
      throw new ChainFailure(
          data.size() == 0
              ? "no contract answers at " + address
              : "the contract at " + address + " is another one: " + unreadable.getMessage(),
          unreadable);
    }
  }
}
