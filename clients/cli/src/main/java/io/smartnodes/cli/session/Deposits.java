package io.smartnodes.cli.session;

import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import java.util.List;

/** Deposits that stand in the inbox of Core, and that no executed epoch has taken over yet. */
public final class Deposits {
  /** Nodes limit for how many blocks they look for events at once. */
  private static final long BLOCKS = 2_000;

  private final OnChain chain;
  private final CoreCalls core;

  /** Deposits of an account. */
  public Deposits(OnChain chain) {
    this.chain = chain;
    this.core = chain.contracts().core();
  }

  /**
   * What the account has paid in of an asset for a home, beyond what the state has. Blocks are read
   * backwards, no further than to the first item that waits.
   */
  public Amount waiting(Address asset, Address home) {
    long consumed = core.inboxConsumed();
    Amount sum = Amount.ZERO;
    if (core.inboxLength() == consumed) {
      return sum;
    }
    boolean older = true;
    long to = chain.chain().headNumber();
    while (older && to >= chain.deployment().firstBlock()) {
      long from = Math.max(chain.deployment().firstBlock(), to - BLOCKS + 1);
      for (InboxItem item : items(from, to)) {
        if (item.index() >= consumed && isOurs(item, asset, home)) {
          sum = sum.plus(item.amount());
        }
        older &= item.index() > consumed;
      }
      to = from - 1;
    }
    return sum;
  }

  private boolean isOurs(InboxItem item, Address asset, Address home) {
    return item.kind() == InboxKind.DEPOSIT
        && item.account().equals(chain.account())
        && item.asset().equals(asset)
        && item.target().equals(home);
  }

  private List<InboxItem> items(long from, long to) {
    return chain.chain().logs(from, to, List.of(core.address())).stream()
        .flatMap(log -> chain.contracts().event(log).stream())
        .filter(ChainEvent.ItemQueued.class::isInstance)
        .map(event -> ((ChainEvent.ItemQueued) event).item())
        .toList();
  }
}
