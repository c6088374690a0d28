package io.smartnodes.ledger;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.chain.v1.BlockSeen;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** Hears of blocks and executed epochs. */
@ApplicationScoped
public class LedgerEvents implements EventConsumer {
  /** What the service publishes. */
  @Singleton
  static class Beans {
    @Produces
    @Singleton
    TopicsPublished topics() {
      return new TopicsPublished(LedgerStore.UNIT, Set.of("reputation.v1"));
    }

    /** Its own facts, folded as everybody folds them: in a process of its own it knows callers. */
    @Produces
    @Singleton
    @Identifier("reputation-ledger")
    StateView roles(Tx tx) {
      return new StateView(LedgerStore.UNIT, tx);
    }
  }

  @Override
  public String name() {
    return "state-ledger";
  }

  @Override
  public String unit() {
    return LedgerStore.UNIT;
  }

  @Override
  public Set<String> topics() {
    return Set.of("chain.v1", "epoch.v1");
  }

  @Override
  public Uni<Void> on(Event event) {
    if (event.is(BlockSeen.getDefaultInstance())) {
      return LedgerStore.keep(Tx.current().session(), event.parse(BlockSeen.parser()));
    }
    if (event.is(EpochExecuted.getDefaultInstance())) {
      EpochExecuted executed = event.parse(EpochExecuted.parser());
      return LedgerStore.keep(Tx.current().session(), executed)
          .chain(() -> Signals.emit(StateLedger.EXECUTED, Long.toString(executed.getEpoch())));
    }
    return Uni.createFrom().voidItem();
  }
}
