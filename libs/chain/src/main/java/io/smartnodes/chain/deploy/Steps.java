package io.smartnodes.chain.deploy;

import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.chain.TransactionSender;

/** Transactions that must succeed, or the deployment stops with the reason. */
final class Steps {
  private Steps() {}

  static Receipt expect(TransactionSender sender, String step, ContractCall call) {
    return switch (sender.send(call)) {
      case TransactionOutcome.Mined mined -> mined.receipt();
      case TransactionOutcome.Failed failed ->
          throw new ChainFailure(step + " failed: " + failed.error());
      case TransactionOutcome.Refused refused ->
          throw new ChainFailure(step + " was refused: " + refused.error());
      case TransactionOutcome.Unconfirmed open ->
          throw new ChainFailure(step + " stands in no block: " + open.hash());
    };
  }
}
