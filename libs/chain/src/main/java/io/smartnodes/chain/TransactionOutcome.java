package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import java.util.List;
import java.util.Optional;

/** What became of a transaction. */
public sealed interface TransactionOutcome {
  /** It stands in a block and did what it should. */
  record Mined(Receipt receipt) implements TransactionOutcome {}

  /** It stands in a block, but the contract refused it there. */
  record Failed(Receipt receipt, Optional<ContractError> error) implements TransactionOutcome {}

  /** It was never sent: the contract would refuse it. */
  record Refused(ContractError error) implements TransactionOutcome {}

  /** It was sent, but stands in no block yet; the next send of the account waits for it first. */
  record Unconfirmed(Bytes32 hash) implements TransactionOutcome {}

  /** A transaction in a block. */
  record Receipt(
      Bytes32 transactionHash,
      long blockNumber,
      Bytes32 blockHash,
      long gasUsed,
      boolean succeeded,
      Optional<Address> created,
      List<ChainLog> logs) {
    /** Copies the list. */
    public Receipt {
      logs = List.copyOf(logs);
    }
  }
}
