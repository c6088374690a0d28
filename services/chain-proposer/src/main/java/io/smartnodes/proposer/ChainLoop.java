package io.smartnodes.proposer;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.Block;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.TransactionOutcome;
import io.smartnodes.chain.follow.ChainFollower;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.LoopThread;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Follows the chain: keeps and publishes what it says, then drives the epochs by its time. Every
 * begin goes on from the block that is stored, whichever process stored it.
 */
@Singleton
public class ChainLoop implements Duties {
  private static final Logger LOG = Logger.getLogger(ChainLoop.class);
  private static final Duration PERIOD = Duration.ofMillis(400);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
  private static final int RECALLED = 256;

  private final Node node;
  private final ChainStore store;
  private final ChainTime time;
  private final ValidatorSets validators;
  private final EpochLoop epochs;
  private final Executions executions;
  private final StateView state;
  private int depth;
  private final LoopThread thread = new LoopThread("chain", this::run);

  /** Called by the container. */
  public ChainLoop(
      Node node,
      ChainStore store,
      ChainTime time,
      ValidatorSets validators,
      EpochLoop epochs,
      Executions executions,
      @Identifier("chain-proposer") StateView state) {
    this.node = node;
    this.store = store;
    this.time = time;
    this.validators = validators;
    this.epochs = epochs;
    this.executions = executions;
    this.state = state;
  }

  /**
   * Refuses to start on another chain than the deployment's, in one line. Where state and chain
   * stand at the same epoch their sets must be the same; a state that is behind is compared later,
   * by every epoch that is applied.
   */
  void verify(@Observes @Priority(150) StartupEvent event) {
    node.verify();
    StateSnapshot here = state.snapshot();
    if (here.epoch() >= 0 && here.epoch() == node.contracts().core().epoch()) {
      Bytes executed = node.contracts().multisig().validatorSet();
      if (!executed.equals(validators.next().blob())
          // Between the two reads an epoch may have been executed.
          && here.epoch() == node.contracts().core().epoch()) {
        throw new IllegalStateException("the multisig has another validator set than the state");
      }
    }
  }

  @Override
  public void begin() {
    time.forget();
    thread.start();
  }

  @Override
  public boolean end(Duration most) {
    boolean ended = thread.stop(most);
    time.forget();
    return ended;
  }

  private void run() throws InterruptedException {
    Optional<ChainFollower> follower = Optional.empty();
    while (true) {
      Duration pause = PERIOD;
      try {
        // Another depth, by governance, wants another follower.
        if (follower.isEmpty() || depth != depth()) {
          follower = Optional.of(follower());
        }
        look(follower.get());
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          return;
        }
        LOG.warnf("the chain cannot be followed: %s; trying again", e.getMessage());
        LOG.debug("the chain cannot be followed", e);
        // Anew from what is stored: a failed commit must not lose what was read.
        follower = Optional.empty();
        pause = AFTER_FAILURE;
      }
      Thread.sleep(pause);
    }
  }

  private ChainFollower follower() {
    ChainClient client = node.client();
    depth = depth();
    long position = store.position().orElseGet(() -> node.deployment().firstBlock() - 1);
    ChainFollower follower = new ChainFollower(client, node.contracts(), position, depth);
    follower.recall(RECALLED);
    return follower;
  }

  private int depth() {
    return node.parameters(state.snapshot()).confirmationDepth();
  }

  private void look(ChainFollower follower) {
    ChainFollower.News news = follower.poll();
    if (news.isEmpty()) {
      return;
    }
    List<ChainEvent.ItemQueued> queued = new ArrayList<>();
    List<ChainStore.Execution> executed = new ArrayList<>();
    for (ChainEvent event : news.events()) {
      switch (event) {
        case ChainEvent.ItemQueued item -> queued.add(item);
        case ChainEvent.UpdateExecuted update -> executed.add(execution(update));
      }
    }
    store.keep(news.blocks(), news.confirmedNumber(), queued, executed);
    time.set(follower.head(), follower.confirmedHead().map(Block::time), follower.confirmedTimes());
    if (!executed.isEmpty()) {
      executions.wake();
    }
    epochs.chainMoved(executed);
  }

  private ChainStore.Execution execution(ChainEvent.UpdateExecuted update) {
    long gas =
        node.client()
            .receipt(update.log().transactionHash())
            .map(TransactionOutcome.Receipt::gasUsed)
            .orElse(0L);
    return new ChainStore.Execution(
        update.epoch(),
        update.round(),
        update.digest(),
        update.bodyHash(),
        update.seed(),
        update.bitmap(),
        update.inboxCount(),
        update.asOf(),
        update.log().transactionHash(),
        update.log().blockNumber(),
        gas);
  }
}
