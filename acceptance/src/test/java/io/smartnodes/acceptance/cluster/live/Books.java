package io.smartnodes.acceptance.cluster.live;

import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.tree.LeafKey;

/** Whether the money is where it has to be, on the chain and in the state, to the last wei. */
public final class Books {

  private final Session session;

  public Books(Session session) {
    this.session = session;
  }

  /** Waits for a moment in which chain and state speak of the same epoch, and compares them. */
  public String balance() throws InterruptedException {
    CoreCalls core = session.contracts().core();
    Address sno = session.deployment().token();
    String[] seen = {""};
    session.await(
        "books of one epoch",
        Limits.EPOCHS,
        s -> {
          long epoch = core.epoch();
          s.onChain().send("settlement", core.settle());
          CoreCalls.Books books = core.books(sno);
          Amount held = s.contracts().token().balanceOf(core.address());
          Totals state = s.leaf(LeafKey.totals(sno), Totals.class).orElseThrow().value();
          if (core.epoch() != epoch || core.inboxConsumed() != core.inboxLength()) {
            return false;
          }
          seen[0] = compare(books, held, state);
          return seen[0].isEmpty();
        });
    return "the books balance on the chain and in the state";
  }

  private static String compare(CoreCalls.Books books, Amount held, Totals state) {
    Amount in = books.received().plus(books.minted());
    Amount out = held.plus(books.claimed()).plus(books.burnt());
    Amount owed = state.balances().plus(state.payouts()).plus(state.heldBack()).plus(state.burnt());
    if (!out.equals(in)) {
      return "Core: in " + in + ", out " + out;
    }
    if (!owed.equals(in)) {
      return "state: in " + in + ", owed " + owed;
    }
    boolean same =
        state.payouts().equals(books.payouts())
            && state.minted().equals(books.minted())
            && state.burnt().equals(books.burnt());
    return same ? "" : "totals on the chain and in the state differ";
  }
}
