package io.smartnodes.chain;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Port to where the open transaction of an account is kept. It is stored before it is sent, so that
 * after a crash the sender knows which nonce may be taken already. May block.
 */
public interface SentTransactions {
  /** A signed transaction that may have reached the chain. */
  record Sent(Address account, long nonce, Bytes32 hash, Bytes signed) {}

  /** The transaction of the account that is not known to stand in a block. */
  Optional<Sent> open(Address account);

  /** Keeps the open transaction, in place of an earlier one. */
  void store(Sent sent);

  /** The open transaction of the account stands in a block, or its nonce is taken. */
  void close(Address account);

  /** Keeps nothing beyond the process, for short-lived programs. */
  static SentTransactions inMemory() {
    Map<Address, Sent> open = new ConcurrentHashMap<>();
    return new SentTransactions() {
      @Override
      public Optional<Sent> open(Address account) {
        return Optional.ofNullable(open.get(account));
      }

      @Override
      public void store(Sent sent) {
        open.put(sent.account(), sent);
      }

      @Override
      public void close(Address account) {
        open.remove(account);
      }
    };
  }
}
