package io.smartnodes.proposer;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.epoch.EpochRound;
import io.smartnodes.protocol.epoch.EpochSchedule;
import io.smartnodes.protocol.epoch.RoundInput;
import io.smartnodes.protocol.epoch.RoundState;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/**
 * Drives the state machine of the epoch that is to be executed next: one thread takes the inputs in
 * order; what must survive a crash (guard, votes, proposals) is stored before its effect leaves.
 */
@Singleton
public class EpochLoop {
  private static final Logger LOG = Logger.getLogger(EpochLoop.class);
  private static final int MOST_WAITING = 10_000;

  private final StateView view;
  private final ChainTime time;
  private final EpochStore store;
  private final ChainStore chain;
  private final Node node;
  private final Validators validators;
  private final RoundWork work;
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread = Thread.ofVirtual().name("epochs").unstarted(this::run);
  private volatile Optional<RoundState> current = Optional.empty();
  private Optional<Instant> startedAt = Optional.empty();

  /** Something for the machine of one epoch. */
  private record Message(long epoch, RoundInput input) {}

  /** Called by the container. */
  public EpochLoop(
      @Identifier("chain-proposer") StateView view,
      ChainTime time,
      EpochStore store,
      ChainStore chain,
      Node node,
      Validators validators,
      RoundWork work) {
    this.view = view;
    this.time = time;
    this.store = store;
    this.chain = chain;
    this.node = node;
    this.validators = validators;
    this.work = work;
  }

  void start(@Observes @Priority(20_000) StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    thread.interrupt();
  }

  /** The epoch that is worked on, 0 before there is one. */
  long epoch() {
    return current.map(state -> state.setup().epoch()).orElse(0L);
  }

  /** What is known of the epoch that is worked on. */
  Optional<RoundState> current() {
    return current;
  }

  /** Gives the machine of an epoch something; inputs of other epochs are dropped. */
  void tell(long epoch, RoundInput input) {
    if (!queue.offer(new Message(epoch, input))) {
      LOG.warnf("too much to do: %s of epoch %d is dropped", input, epoch);
    }
  }

  /** The chain has new blocks, perhaps with executions at confirmation depth. */
  void chainMoved(List<ChainStore.Execution> executed) {
    executed.forEach(
        execution -> tell(execution.epoch(), new RoundInput.Executed(execution.digest())));
    tell(0, new RoundInput.Tick());
  }

  private void run() {
    try {
      while (true) {
        Message message = queue.take();
        try {
          take(message);
        } catch (RuntimeException e) {
          LOG.error("epoch " + message.epoch() + ": " + message.input() + " failed", e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  private void take(Message message) {
    if (time.now().isEmpty()) {
      return;
    }
    Instant now = time.now().get();
    if (startedAt.isEmpty()) {
      startedAt = Optional.of(now);
    }
    // Executions may also come while this process catches up and no machine runs for them.
    if (epoch() <= view.epoch() || current.flatMap(RoundState::executed).isPresent()) {
      beginNext(now);
    }
    if (current.isEmpty() || epoch() <= view.epoch()) {
      return;
    }
    RoundState state = current.get();
    boolean mine =
        message.input() instanceof RoundInput.Tick || message.epoch() == state.setup().epoch();
    if (mine && state.executed().isEmpty()) {
      step(state, message.input(), now);
    }
  }

  private void step(RoundState state, RoundInput input, Instant now) {
    EpochRound.Step step = EpochRound.step(state, input, now);
    current = Optional.of(step.state());
    long epoch = state.setup().epoch();
    step.effects().forEach(effect -> work.perform(epoch, effect, this));
  }

  /** Begins the epoch after the newest executed one, once the ledger has its state. */
  private void beginNext(Instant now) {
    Optional<StateSnapshot.Head> head = view.head();
    long executed = chain.newest().map(ChainStore.Execution::epoch).orElse(0L);
    if (head.isEmpty() || head.get().epoch() != executed || epoch() == executed + 1) {
      return;
    }
    long epoch = executed + 1;
    EpochSchedule schedule =
        new EpochSchedule(
            node.contracts().epochStart(epoch), node.genesisParameters().roundLength());
    RoundState.Setup setup =
        new RoundState.Setup(
            epoch,
            schedule,
            Picks.proposers(head.get().seed(), validators.operators()),
            node.operator(),
            startedAt.orElse(now));
    RoundState state = RoundState.begin(setup, store.signed(epoch));
    // What an earlier process knew: valid proposals and votes; its announcements have passed.
    for (EpochStore.Proposal proposal : store.proposals(epoch)) {
      if (proposal.effective().isPresent()) {
        RoundInput.Built built =
            new RoundInput.Built(Integer.MIN_VALUE, proposal.digest(), proposal.effective().get());
        state = EpochRound.step(state, built, schedule.start().minusSeconds(1)).state();
      }
    }
    LOG.debugf("epoch %d begins at %s, proposers %s", epoch, schedule.start(), setup.proposers());
    current = Optional.of(state);
    step(state, new RoundInput.Tick(), now);
    for (EpochStore.CastVote cast : store.votes(epoch)) {
      tell(epoch, new RoundInput.Voted(cast.operator(), cast.vote().round(), cast.vote().digest()));
    }
  }
}
