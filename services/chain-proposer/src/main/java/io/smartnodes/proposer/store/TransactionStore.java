package io.smartnodes.proposer.store;

import io.smartnodes.chain.SentTransactions;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;

/**
 * The open transaction of the operator's account; for worker and virtual threads. Only the process
 * that acts for the validator stores one, and one that is not stored is not sent.
 */
@ApplicationScoped
public class TransactionStore implements SentTransactions {
  private final Tx tx;
  private final Duty duty;

  /** Called by the container. */
  public TransactionStore(Tx tx, Duty duty) {
    this.tx = tx;
    this.duty = duty;
  }

  @Override
  public Optional<Sent> open(Address account) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            session
                .find(TransactionRow.class, account.toString())
                .map(row ->
                    Optional.ofNullable(row)
                        .map(found ->
                            new Sent(
                                account,
                                found.nonce,
                                Bytes32.fromHex(found.hash),
                                Bytes.fromHex(found.signed)))));
  }

  @Override
  public void store(Sent sent) {
    duty.write(session ->
        Rows.execute(
            "insert into {h-schema}open_transaction (account, nonce, hash, signed)"
                + " values (:account, :nonce, :hash, :signed) on conflict (account) do update"
                + " set nonce = excluded.nonce, hash = excluded.hash, signed = excluded.signed",
            Map.of(
                "account",
                sent.account().toString(),
                "nonce",
                sent.nonce(),
                "hash",
                sent.hash().toString(),
                "signed",
                sent.signed().toString())));
  }

  @Override
  public void close(Address account) {
    duty.write(session ->
        Rows.execute(
            "delete from {h-schema}open_transaction where account = :account",
            Map.of("account", account.toString())));
  }
}
