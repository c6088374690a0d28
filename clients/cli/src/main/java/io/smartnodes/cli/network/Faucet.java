package io.smartnodes.cli.network;

import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.TransactionSender;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The funded development accounts of the local chain, which give gas money to ours. */
final class Faucet {
  // Of the mnemonic that every development chain uses; worthless anywhere else.
  static final NodeKey DEPLOYER =
      NodeKey.of(
          Bytes32.fromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
  private static final List<NodeKey> GIVERS =
      List.of(
          key("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
          key("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
          key("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
          key("0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"));

  private Faucet() {}

  /** Sends gas money to accounts, some at a time. */
  static void give(ChainClient client, List<Address> accounts, Amount each)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> parts = new ArrayList<>();
      for (int giver = 0; giver < GIVERS.size(); giver++) {
        int start = giver;
        parts.add(
            threads.submit(() -> {
              TransactionSender sender = TransactionSender.inMemory(client, GIVERS.get(start));
              for (int i = start; i < accounts.size(); i += GIVERS.size()) {
                send(sender, accounts.get(i), each);
              }
            }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException("gas money could not be sent", failed);
    }
  }

  private static void send(TransactionSender sender, Address to, Amount amount) {
    TransactionOutcome outcome = sender.send(ContractCall.transfer(to, amount));
    if (!(outcome instanceof TransactionOutcome.Mined)) {
      throw new IllegalStateException("gas money for " + to + ": " + outcome);
    }
  }

  private static NodeKey key(String secret) {
    return NodeKey.of(Bytes32.fromHex(secret));
  }
}
