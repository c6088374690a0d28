package io.smartnodes.proposer;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.Block;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.LoopThread;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.set.Standing;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.epoch.EpochRound;
import io.smartnodes.protocol.epoch.EpochSchedule;
import io.smartnodes.protocol.epoch.RoundInput;
import io.smartnodes.protocol.epoch.RoundState;
import io.smartnodes.protocol.state.set.Validators;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/**
 * Drives the state machine of the epoch that is to be executed next: one thread takes the inputs in
 * order; what must survive a crash (guard, votes, proposals) is stored before its effect leaves.
 * There is a machine only while the set has us; as soon as it does, the next epoch gets one.
 */
@Singleton
public class EpochLoop implements Duties {
  private static final Logger LOG = Logger.getLogger(EpochLoop.class);
  private static final int MOST_WAITING = 10_000;

  private final StateView view;
  private final ChainTime time;
  private final EpochStore store;
  private final ChainStore chain;
  private final Node node;
  private final ValidatorSets validators;
  private final RoundWork work;
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final LoopThread thread = new LoopThread("epochs", this::run);
  private volatile Optional<Current> current = Optional.empty();
  private Optional<Instant> startedAt = Optional.empty();
  private Optional<Standing> told = Optional.empty();
  private long followed = -1;
  private boolean resumed;

  /** The epoch that is worked on, with the set that decides about it. */
  record Current(RoundState state, EpochSet set) {
    long epoch() {
      return state.setup().epoch();
    }
  }

  /** Something for the machine of one epoch. */
  private record Message(long epoch, RoundInput input) {}

  /** Called by the container. */
  public EpochLoop(
      @Identifier("chain-proposer") StateView view,
      ChainTime time,
      EpochStore store,
      ChainStore chain,
      Node node,
      ValidatorSets validators,
      RoundWork work) {
    this.view = view;
    this.time = time;
    this.store = store;
    this.chain = chain;
    this.node = node;
    this.validators = validators;
    this.work = work;
  }

  /**
   * Begins as a process that has just started: with the epoch as it is stored, and votes in rounds
   * that begin from now on.
   */
  @Override
  public void begin() {
    queue.clear();
    current = Optional.empty();
    startedAt = Optional.empty();
    followed = -1;
    resumed = false;
    thread.start();
  }

  @Override
  public boolean end(Duration most) {
    boolean ended = thread.stop(most);
    current = Optional.empty();
    return ended;
  }

  /** The epoch that is worked on, 0 before there is one. */
  long epoch() {
    return current.map(Current::epoch).orElse(0L);
  }

  /** What is known of the epoch that is worked on. */
  Optional<Current> current() {
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

  private void run() throws InterruptedException {
    while (true) {
      Message message = queue.take();
      try {
        take(message);
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          return;
        }
        LOG.error("epoch " + message.epoch() + ": " + message.input() + " failed", e);
      }
    }
  }

  private void take(Message message) {
    Optional<Instant> head = time.now();
    if (head.isEmpty()) {
      return;
    }
    Instant now = head.get();
    if (startedAt.isEmpty()) {
      startedAt = Optional.of(newest(now));
    }
    // Executions may also come while this process catches up and no machine runs for them.
    if (epoch() <= view.epoch() || current.flatMap(it -> it.state().executed()).isPresent()) {
      beginNext(now);
    }
    Optional<Current> open = current;
    if (open.isEmpty() || open.get().epoch() <= view.epoch()) {
      return;
    }
    boolean mine =
        message.input() instanceof RoundInput.Tick || message.epoch() == open.get().epoch();
    if (mine && open.get().state().executed().isEmpty()) {
      step(open.get(), message.input(), now);
    }
  }

  /** The chain's own head: what is held may be behind it, and its rounds began before this term. */
  private Instant newest(Instant held) {
    ChainClient client = node.client();
    return client
        .block(client.headNumber())
        .map(Block::time)
        .filter(time -> time.isAfter(held))
        .orElse(held);
  }

  private void step(Current before, RoundInput input, Instant now) {
    EpochRound.Step step = EpochRound.step(before.state(), input, now);
    Current after = new Current(step.state(), before.set());
    current = Optional.of(after);
    step.effects().forEach(effect -> work.perform(after, effect, this));
  }

  /** Begins the epoch after the newest executed one, once the ledger has its state. */
  private void beginNext(Instant now) {
    StateSnapshot state = view.snapshot();
    if (state.head().isEmpty() || state.epoch() == followed || epoch() == state.epoch() + 1) {
      return;
    }
    Validators known = state.validators();
    Standing standing = validators.standing(known);
    tell(standing, state.epoch());
    if (!standing.votes()) {
      followed = state.epoch();
      current = Optional.empty();
      return;
    }
    long executed = chain.newest().map(ChainStore.Execution::epoch).orElse(0L);
    // Executed at the head already: the confirmation comes, and then the epoch after it.
    if (state.epoch() != executed || node.contracts().core().epoch() != executed) {
      return;
    }
    begin(state, EpochSet.of(known.active()), now);
  }

  private void begin(StateSnapshot state, EpochSet set, Instant now) {
    long epoch = state.epoch() + 1;
    EpochSchedule schedule =
        new EpochSchedule(
            node.contracts().multisig().epochStart(), node.parameters(state).roundLength());
    RoundState.Setup setup =
        new RoundState.Setup(
            epoch,
            schedule,
            Picks.proposers(state.head().orElseThrow().seed(), set.operators()),
            node.operator(),
            startedAt.orElse(now));
    RoundState round = RoundState.begin(setup, store.signed(epoch));
    // What an earlier process knew: valid proposals and votes; its announcements have passed.
    for (EpochStore.Proposal proposal : store.proposals(epoch)) {
      if (proposal.effective().isPresent()) {
        RoundInput.Built built =
            new RoundInput.Built(Integer.MIN_VALUE, proposal.digest(), proposal.effective().get());
        round = EpochRound.step(round, built, schedule.start().minusSeconds(1)).state();
      }
    }
    LOG.debugf("epoch %d begins at %s, proposers %s", epoch, schedule.start(), setup.proposers());
    Current begun = new Current(round, set);
    current = Optional.of(begun);
    step(begun, new RoundInput.Tick(), now);
    if (!resumed) {
      // What was signed before this term may have reached nobody.
      work.bringAgain(begun, store.votes(epoch), this);
      resumed = true;
    }
    for (EpochStore.CastVote cast : store.votes(epoch)) {
      tell(epoch, new RoundInput.Voted(cast.operator(), cast.vote().round(), cast.vote().digest()));
    }
  }

  /** Says once what the set makes of us. */
  private void tell(Standing standing, long epoch) {
    if (told.equals(Optional.of(standing))) {
      return;
    }
    boolean better = standing.votes() || told.isEmpty();
    LOG.logf(
        better ? Logger.Level.INFO : Logger.Level.WARN,
        "from epoch %d on this validator %s",
        epoch + 1,
        standing.votes() ? standing.text() : "only follows: " + standing.text());
    told = Optional.of(standing);
  }
}
