package io.smartnodes.proposer;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.derive.Derivations;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.LoopThread;
import io.smartnodes.proposer.pool.PoolItems;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.ChainStore.Execution;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.proto.types.v1.Update;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.wire.Fields;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Publishes confirmed executions in order, each with its body and the inbox items that it consumed.
 * A body that was never fetched is fetched from those who voted for it, else from anybody who has
 * it, so that a newcomer can follow from genesis. A drain has no body.
 */
@Singleton
public class Executions implements Duties {
  private static final Logger LOG = Logger.getLogger(Executions.class);
  private static final long AGAIN_SECONDS = 2;

  private final ChainStore chain;
  private final EpochStore epochs;
  private final ValidatorSets validators;
  private final OtherValidators others;
  private final Derivations derivations;
  private final StateView state;
  private final Node node;
  private final Counter published;
  private final Counter missed;
  private final Semaphore news = new Semaphore(1);
  private Optional<Fetched> fetched = Optional.empty();
  private Optional<PeerId> source = Optional.empty();
  private long complainedOf;
  private final LoopThread thread = new LoopThread("executions", this::run);

  /** The last body that was fetched: its update may have to wait. */
  private record Fetched(Bytes32 digest, Body body) {}

  /** Called by the container. */
  public Executions(
      ChainStore chain,
      EpochStore epochs,
      ValidatorSets validators,
      OtherValidators others,
      Derivations derivations,
      @Identifier("chain-proposer") StateView state,
      Node node,
      MeterRegistry meters) {
    this.chain = chain;
    this.epochs = epochs;
    this.validators = validators;
    this.others = others;
    this.derivations = derivations;
    this.state = state;
    this.node = node;
    this.published =
        Counter.builder("smartnodes.epochs.executed")
            .description("Executions of epochs seen at confirmation depth")
            .register(meters);
    this.missed =
        Counter.builder("smartnodes.proposer.votes.missed")
            .description("Executed epochs in which the set had a vote of ours and we gave none")
            .register(meters);
  }

  void listen(@Observes @Priority(20_000) StartupEvent event) {
    // An execution that nobody announced here is derived from the state before it.
    state.onAdvance(advance -> wake());
  }

  @Override
  public void begin() {
    wake();
    thread.start();
  }

  @Override
  public boolean end(Duration most) {
    return thread.stop(most);
  }

  /** There is something to publish. */
  void wake() {
    news.release();
  }

  private void run() throws InterruptedException {
    boolean waiting = false;
    while (true) {
      if (waiting) {
        news.tryAcquire(AGAIN_SECONDS, TimeUnit.SECONDS);
      } else {
        news.acquire();
      }
      news.drainPermits();
      try {
        waiting = !publishAll();
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          return;
        }
        LOG.warn("an execution could not be published; trying again", e);
        waiting = true;
      }
    }
  }

  /** Whether nothing is left. */
  private boolean publishAll() {
    Optional<Execution> next = chain.unpublished();
    while (next.isPresent()) {
      Optional<EpochExecuted> event = event(next.get());
      if (event.isEmpty()) {
        return false;
      }
      List<String> included =
          PoolItems.split(event.get().getBody(), false).stream().map(ItemStore.Item::hash).toList();
      chain.publish(event.get(), next.get().digest(), included);
      published.increment();
      countMissed(next.get());
      LOG.infof(
          "epoch %d executed in round %d, digest %s, block %d",
          next.get().epoch(), next.get().round(), next.get().digest(), next.get().blockNumber());
      next = chain.unpublished();
    }
    return true;
  }

  /** A vote that the set had of us, and that we gave in no round. */
  private void countMissed(Execution execution) {
    boolean ours =
        validators
            .of(execution.epoch())
            .member(node.operator())
            .filter(member -> member.key().equals(node.nodeKey().publicKey()))
            .isPresent();
    boolean voted =
        epochs.votes(execution.epoch()).stream()
            .anyMatch(cast -> cast.operator().equals(node.operator()));
    if (ours && !voted) {
      LOG.infof("no vote of this validator in executed epoch %d", execution.epoch());
      missed.increment();
    }
  }

  private Optional<EpochExecuted> event(Execution execution) {
    Optional<Execution> before = chain.execution(execution.epoch() - 1);
    Optional<EpochStore.Proposal> known = proposal(execution);
    if (known.isEmpty() || known.get().body().isEmpty()) {
      return Optional.empty();
    }
    EpochExecuted.Builder event =
        EpochExecuted.newBuilder()
            .setEpoch(execution.epoch())
            .setRound(execution.round())
            .setUpdate(known.get().update())
            .setDigest(Fields.bytes(execution.digest()))
            .setBody(known.get().body().get())
            .setSeed(Fields.bytes(execution.seed()))
            .setTransactionHash(Fields.bytes(execution.transaction()))
            .setBlockNumber(execution.blockNumber())
            .setPreviousDigest(Fields.bytes(before.map(Execution::digest).orElse(Bytes32.ZERO)));
    chain
        .inbox(before.map(Execution::inboxCount).orElse(0L), execution.inboxCount())
        .forEach(item -> event.addInbox(item.item()));
    return Optional.of(event.build());
  }

  /** What was executed, with its body, fetched where it must be. */
  private Optional<EpochStore.Proposal> proposal(Execution execution) {
    Optional<EpochStore.Proposal> known = epochs.proposal(execution.digest());
    if (known.isPresent() && known.get().body().isPresent()) {
      return known;
    }
    if (known.isEmpty() && state.epoch() != execution.epoch() - 1) {
      return Optional.empty(); // its update is derived once the state before it is here
    }
    Optional<Body> body =
        execution.bodyHash().equals(Bytes32.ZERO)
            ? Optional.of(Derivations.empty(execution.epoch()))
            : fetch(execution);
    if (body.isEmpty()) {
      complain(execution, "nobody gives the body");
      return Optional.empty();
    }
    Optional<Update> update =
        known.map(EpochStore.Proposal::update).or(() -> derived(execution, body.get()));
    if (update.isEmpty()) {
      complain(execution, "the ledger does not derive the update");
    }
    return update.map(it -> {
      EpochStore.Proposal complete =
          new EpochStore.Proposal(execution.digest(), execution.epoch(), it, body);
      epochs.keep(complete);
      return complete;
    });
  }

  /** Says once per epoch what is in the way: it is tried again every two seconds. */
  private void complain(Execution execution, String what) {
    LOG.logf(
        complainedOf == execution.epoch() ? Logger.Level.DEBUG : Logger.Level.WARN,
        "%s of executed epoch %d; trying again",
        what,
        execution.epoch());
    complainedOf = execution.epoch();
  }

  private Optional<Body> fetch(Execution execution) {
    if (fetched.filter(last -> last.digest().equals(execution.digest())).isPresent()) {
      return fetched.map(Fetched::body);
    }
    List<Address> operators = validators.of(execution.epoch()).operators();
    List<Address> voters =
        operators.stream()
            .filter(operator -> execution.bitmap().testBit(operators.indexOf(operator)))
            .toList();
    List<PeerId> holders = new ArrayList<>(validators.holders(voters));
    // Who gave the last one is likely to have this one too, and it answers.
    source.filter(holders::remove).ifPresent(holders::addFirst);
    for (PeerId peer : holders) {
      Optional<Body> body = others.fetchBody(peer, execution.digest(), execution.bodyHash());
      if (body.isPresent()) {
        fetched = Optional.of(new Fetched(execution.digest(), body.get()));
        source = Optional.of(peer);
        return body;
      }
    }
    return Optional.empty();
  }

  private Optional<Update> derived(Execution execution, Body body) {
    try {
      return derivations
          .derive(execution, body)
          .filter(it -> it.getDigest().equals(Fields.bytes(execution.digest())))
          .map(Derived::getUpdate);
    } catch (StatusRuntimeException e) {
      LOG.debugf("the ledger does not derive executed epoch %d: %s", execution.epoch(), e);
      return Optional.empty();
    }
  }
}
