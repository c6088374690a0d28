package io.smartnodes.chain;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

/**
 * Sends transactions of one account, one after the other, and waits for their receipts. A call that
 * the contract would refuse is not sent. The nonce is the chain's own count; the signed transaction
 * is stored before it leaves, and while it stands in no block it is replaced under the same nonce
 * with a higher fee, so that it takes effect once at most. Blocks: not for event loops.
 */
public final class TransactionSender {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int ATTEMPTS = 3;

  private final ChainClient client;
  private final NodeKey account;
  private final SentTransactions sent;
  private final Duration patience;
  private final ReentrantLock turn = new ReentrantLock();
  private final long chainId;

  /**
   * A sender for an account.
   *
   * @param patience how long one attempt may stand in no block before its fee is raised
   */
  public TransactionSender(
      ChainClient client, NodeKey account, SentTransactions sent, Duration patience) {
    this.client = client;
    this.account = account;
    this.sent = sent;
    this.patience = patience;
    this.chainId = client.chainId();
  }

  /** For programs that do not outlive their transactions. */
  public static TransactionSender inMemory(ChainClient client, NodeKey account) {
    return new TransactionSender(
        client, account, SentTransactions.inMemory(), Duration.ofSeconds(30));
  }

  /** Who sends, and pays the gas. */
  public Address address() {
    return account.address();
  }

  /** What the call would do now. */
  public CallOutcome simulate(ContractCall call) {
    return client.call(call.from(address()));
  }

  /** Sends and waits until the transaction stands in a block. */
  public TransactionOutcome send(ContractCall call) {
    turn.lock();
    try {
      return switch (client.estimateGas(call.from(address()))) {
        case CallOutcome.Reverted reverted -> new TransactionOutcome.Refused(reverted.error());
        case CallOutcome.Returned gas -> sendWithGas(call, new BigInteger(1, gas.data().toArray()));
      };
    } finally {
      turn.unlock();
    }
  }

  private TransactionOutcome sendWithGas(ContractCall call, BigInteger estimate) {
    settleOpen();
    // A quarter more: what a call costs may grow until it is mined.
    BigInteger gas = estimate.multiply(BigInteger.valueOf(5)).shiftRight(2);
    long nonce = client.nonce(address());
    List<Bytes32> hashes = new ArrayList<>();
    sent.open(address()).map(SentTransactions.Sent::hash).ifPresent(hashes::add);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int raises = attempt + (hashes.isEmpty() ? 0 : 1);
      Bytes signed = sign(call, nonce, gas, raised(client.fees(), raises));
      Bytes32 hash = Keccak.hash(signed.toArray());
      sent.store(new SentTransactions.Sent(address(), nonce, hash, signed));
      hashes.add(hash);
      client.broadcast(signed);
      Optional<Receipt> receipt = await(hashes);
      if (receipt.isPresent()) {
        sent.close(address());
        return outcome(call, receipt.get());
      }
    }
    return new TransactionOutcome.Unconfirmed(hashes.getLast());
  }

  /** Waits for what an earlier send, perhaps of an earlier process, left open. */
  private void settleOpen() {
    sent.open(address())
        .ifPresent(open -> {
          if (client.nonce(address()) <= open.nonce()) {
            client.broadcast(open.signed());
            await(List.of(open.hash()));
          }
          if (client.nonce(address()) > open.nonce()) {
            sent.close(address());
          }
        });
  }

  private TransactionOutcome outcome(ContractCall call, Receipt receipt) {
    if (receipt.succeeded()) {
      return new TransactionOutcome.Mined(receipt);
    }
    return new TransactionOutcome.Failed(
        receipt,
        simulate(call) instanceof CallOutcome.Reverted reverted
            ? Optional.of(reverted.error())
            : Optional.empty());
  }

  private Optional<Receipt> await(List<Bytes32> hashes) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      for (Bytes32 hash : hashes) {
        Optional<Receipt> receipt = client.receipt(hash);
        if (receipt.isPresent()) {
          return receipt;
        }
      }
      if (System.nanoTime() > end) {
        return Optional.empty();
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChainFailure("interrupted while waiting for a receipt", e);
      }
    }
  }

  private Bytes sign(ContractCall call, long nonce, BigInteger gas, ChainClient.Fees fees) {
    RawTransaction raw =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            gas,
            call.to().map(Address::toString).orElse(""),
            call.value().value(),
            call.data().toString(),
            fees.tip(),
            fees.cap());
    Credentials credentials = Credentials.create(account.secret().toString());
    return Bytes.of(TransactionEncoder.signMessage(raw, credentials));
  }

  /** Nodes take a replacement only if both fees rise by a tenth or more; each raise is a half. */
  private static ChainClient.Fees raised(ChainClient.Fees fees, int times) {
    BigInteger factor = BigInteger.valueOf(3).pow(times);
    BigInteger divisor = BigInteger.TWO.pow(times);
    return new ChainClient.Fees(
        fees.tip().multiply(factor).divide(divisor), fees.cap().multiply(factor).divide(divisor));
  }
}
