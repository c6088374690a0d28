package io.smartnodes.ledger;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proto.epoch.v1.EpochExecuted;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.check.EpochProposal;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.transition.Applied;
import io.smartnodes.protocol.transition.EpochInput;
import io.smartnodes.protocol.transition.Transition;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.LeafWire;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Applies executed epochs, one after the other: reads, checks that the result is what was executed,
 * stores it and tells of it in one transaction, then answers from it. At the start it replays the
 * whole ledger. Every instance of the service applies every epoch for itself, so that each answers
 * and derives; the first to store an epoch tells of it, the others find it stored. An epoch whose
 * result differs stops it for good: whoever is wrong, going on would serve another state than the
 * chain's.
 */
@ApplicationScoped
public class StateLedger {
  private static final Logger LOG = Logger.getLogger(StateLedger.class);

  /** An instance has stored an entry: its epoch. */
  static final String APPENDED = "appended";

  /** An executed epoch waits to be applied: its number. */
  static final String EXECUTED = "executed";

  private static final int CHANGES_PER_PART = 500;
  private static final int ENTRIES_AT_ONCE = 100;
  private static final long RETRY_SECONDS = 1;
  private static final long LOOK_AGAIN_SECONDS = 5;

  private final LedgerStore store;
  private final Deployment deployment;
  private final KeptStates states;
  private final Signals signals;
  private final InstantSource time = InstantSource.system();
  private final ScheduledExecutorService applier =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ledger-apply").factory());
  private volatile Optional<String> stopped = Optional.empty();

  /** Called by the container. */
  public StateLedger(
      LedgerStore store,
      LedgerConfig config,
      Signals signals,
      @ConfigProperty(name = "smartnodes.deployment") Path deployment) {
    this.store = store;
    this.signals = signals;
    this.states = new KeptStates(config.statesKept(), config.candidatesKept());
    try {
      this.deployment = Deployments.read(deployment);
    } catch (IOException e) {
      throw new UncheckedIOException("smartnodes.deployment cannot be read: " + deployment, e);
    }
  }

  /** The deployment that the state belongs to. */
  Deployment deployment() {
    return deployment;
  }

  /** What is in memory. */
  KeptStates states() {
    return states;
  }

  /** Why no epoch is applied any more, empty while all is well. */
  Optional<String> stopped() {
    return stopped;
  }

  /** Replays the ledger before events are dispatched; writes genesis at the first start. */
  void start(@Observes @Priority(90) StartupEvent event) {
    List<EpochEntryRow> entries = store.entriesAfter(-1, ENTRIES_AT_ONCE);
    if (entries.isEmpty()) {
      begin();
    }
    while (!entries.isEmpty()) {
      entries.forEach(this::replay);
      entries = store.entriesAfter(entries.getLast().epoch, ENTRIES_AT_ONCE);
    }
    signals.on(LedgerStore.UNIT, EXECUTED, epoch -> wake());
    signals.on(LedgerStore.UNIT, APPENDED, epoch -> wake());
    var _ =
        applier.scheduleWithFixedDelay(
            this::advance, LOOK_AGAIN_SECONDS, LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
    wake();
  }

  /** Applies what waits, on a thread of its own. */
  void wake() {
    try {
      applier.execute(this::advance);
    } catch (RejectedExecutionException stopping) {
      LOG.debug("what waits is left to the next start");
    }
  }

  @PreDestroy
  void close() {
    applier.shutdownNow();
  }

  private void begin() {
    State genesis = deployment.genesis().state();
    KeptStates.Kept kept = genesis(genesis);
    List<Applied.LeafChange> changes =
        genesis.tree().leaves().stream()
            .map(leaf -> new Applied.LeafChange(LeafKey.of(leaf), Optional.<Struct>of(leaf)))
            .toList();
    if (store.append(row(kept, new byte[0]), parts(kept, changes))) {
      states.add(kept);
    } else {
      store.entriesAfter(-1, 1).forEach(this::replay);
    }
  }

  private KeptStates.Kept genesis(State state) {
    return new KeptStates.Kept(
        state, state.root(), deployment.genesis().seed(), Bytes32.ZERO, state.root());
  }

  private void replay(EpochEntryRow row) {
    KeptStates.Kept kept =
        row.epoch == 0
            ? genesis(deployment.genesis().state())
            : apply(current(), LedgerStore.parse(row.payload), row.payload).kept();
    if (!kept.entryHash().toString().equals(row.entryHash)
        || !kept.root().toString().equals(row.stateRoot)) {
      throw new IllegalStateException(
          "the ledger is damaged, or of another deployment: epoch " + row.epoch);
    }
    states.add(kept);
  }

  private void advance() {
    try {
      while (stopped.isEmpty() && step()) {
        LOG.debugf("epoch %d is in memory", current().state().epoch());
      }
    } catch (Differs differs) {
      stopped = Optional.of(String.valueOf(differs.getMessage()));
      LOG.fatal("an epoch cannot be applied; the ledger stops and refuses to go on", differs);
    } catch (RuntimeException e) {
      if (!applier.isShutdown()) {
        LOG.error("the ledger could not be written; trying again", e);
        var _ = applier.schedule(this::advance, RETRY_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /**
   * Takes what another instance has stored, else the next executed epoch; false if there is none.
   */
  private boolean step() {
    KeptStates.Kept previous = current();
    List<EpochEntryRow> appended = store.entriesAfter(previous.state().epoch(), ENTRIES_AT_ONCE);
    if (!appended.isEmpty()) {
      appended.forEach(row ->
          Differs.judged(() -> {
            replay(row);
            return row;
          }));
      return true;
    }
    Optional<EpochExecuted> executed = store.executed(previous.state().epoch() + 1);
    if (executed.isEmpty()) {
      return false;
    }
    byte[] payload = executed.get().toByteArray();
    Step step = Differs.judged(() -> apply(previous, executed.get(), payload));
    if (store.append(row(step.kept(), payload), parts(step.kept(), step.changes()))) {
      states.add(step.kept());
      LOG.infof(
          "epoch %d applied, %d leaves changed, root %s",
          step.kept().state().epoch(), step.changes().size(), step.kept().root());
    }
    return true;
  }

  private KeptStates.Kept current() {
    return states.newest().orElseThrow(() -> new IllegalStateException("not started"));
  }

  private record Step(KeptStates.Kept kept, List<Applied.LeafChange> changes) {}

  /** The next state, if it is the executed one. */
  private Step apply(KeptStates.Kept previous, EpochExecuted executed, byte[] payload) {
    Update update = EpochStructs.fromProto(executed.getUpdate(), "update");
    Bytes32 digest = update.hashStruct();
    boolean drain = update.bodyHash().isZero();
    Body body =
        drain ? Body.empty(update.epoch()) : BodyStructs.fromProto(executed.getBody(), "body");
    Optional<Applied> known =
        states
            .candidate(digest)
            .filter(candidate -> candidate.update().previousStateRoot().equals(previous.root()))
            .map(EpochProposal.Derived::applied);
    Applied applied =
        known.orElseGet(() ->
            Transition.apply(
                previous.state(),
                new EpochInput(
                    body,
                    executed.getInboxList().stream()
                        .map(item -> EpochStructs.fromProto(item, "inbox"))
                        .toList(),
                    update.asOf(),
                    deployment.token(),
                    previous.seed(),
                    drain)));
    Update derived = EpochProposal.update(previous.state(), body, applied, drain);
    if (!derived.hashStruct().equals(digest)) {
      throw new IllegalStateException("derived " + derived + ", executed was " + update);
    }
    Bytes32 entryHash = Keccak.words(previous.entryHash(), Keccak.hash(payload));
    return new Step(
        new KeptStates.Kept(
            applied.next(),
            update.stateRoot(),
            Fields.bytes32(executed.getSeed(), "seed"),
            digest,
            entryHash),
        applied.changes());
  }

  private EpochEntryRow row(KeptStates.Kept kept, byte[] payload) {
    EpochEntryRow row = new EpochEntryRow();
    row.epoch = kept.state().epoch();
    row.payload = payload;
    row.stateRoot = kept.root().toString();
    row.seed = kept.seed().toString();
    row.digest = kept.digest().toString();
    row.entryHash = kept.entryHash().toString();
    row.appliedAt = time.instant();
    return row;
  }

  private static List<StateAdvanced> parts(KeptStates.Kept kept, List<Applied.LeafChange> changes) {
    List<StateAdvanced> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + CHANGES_PER_PART, changes.size());
      List<LeafChange> some =
          changes.subList(from, to).stream()
              .map(change -> LeafWire.toProto(change.key(), change.value()))
              .toList();
      parts.add(
          StateAdvanced.newBuilder()
              .setEpoch(kept.state().epoch())
              .setStateRoot(Fields.bytes(kept.root()))
              .setSeed(Fields.bytes(kept.seed()))
              .setAsOf(kept.state().head().asOf().getEpochSecond())
              .setPart(parts.size())
              .setLastPart(to == changes.size())
              .addAllChanges(some)
              .build());
      from = to;
    } while (from < changes.size());
    return parts;
  }
}
