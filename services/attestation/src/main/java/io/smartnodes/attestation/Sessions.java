package io.smartnodes.attestation;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.attestation.facts.Blocks;
import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.attestation.replay.Bench;
import io.smartnodes.attestation.replay.Openings;
import io.smartnodes.attestation.replay.Replayer;
import io.smartnodes.attestation.rows.SessionRow;
import io.smartnodes.attestation.wire.CallWire;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.attestation.jury.JuryCase;
import io.smartnodes.protocol.attestation.jury.JuryEffect;
import io.smartnodes.protocol.attestation.jury.JuryInput;
import io.smartnodes.protocol.attestation.jury.JurySession;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.attestation.jury.Verdict;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.quarkus.SignerClient;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs the jury sessions of this validator: feeds the pure machine, then does what it wants done.
 * What others and the signer said is on record before the machine hears it, so that a restart comes
 * to the same place.
 */
@ApplicationScoped
public class Sessions {
  private static final Logger LOG = Logger.getLogger(Sessions.class);
  private static final Duration SIGNER_PAUSE = Duration.ofSeconds(2);

  private final AttestationStore store;
  private final Facts facts;
  private final Blocks blocks;
  private final Certificates certificates;
  private final Couriers couriers;
  private final Openings openings;
  private final Replayer replayer;
  private final SignerClient signer;
  private final HeldShards held;
  private final AttestationConfig config;
  private final MeterRegistry meters;
  private final InstantSource time = InstantSource.system();
  private final Map<Bytes32, Live> live = new ConcurrentHashMap<>();

  /** Called by the container. */
  public Sessions(
      AttestationStore store,
      Facts facts,
      Blocks blocks,
      Certificates certificates,
      Couriers couriers,
      Openings openings,
      Replayer replayer,
      SignerClient signer,
      HeldShards held,
      AttestationConfig config,
      MeterRegistry meters) {
    this.store = store;
    this.facts = facts;
    this.blocks = blocks;
    this.certificates = certificates;
    this.couriers = couriers;
    this.openings = openings;
    this.replayer = replayer;
    this.signer = signer;
    this.held = held;
    this.config = config;
    this.meters = meters;
  }

  void start(@Observes @Priority(15_000) StartupEvent event) {
    certificates.onKnown((receipt, outcome) ->
        find(receipt).ifPresent(one -> feed(one, new JuryInput.CertificateKnown(outcome))));
    blocks.onBlock(() -> couriers.run("drawing juries", this::drawAll));
    meters.gauge("smartnodes.attestation.sessions", live, Map::size);
  }

  /** Goes on with the sessions of a shard. */
  void resume(int shard) {
    store.openSessions().stream()
        .filter(row -> Shards.of(Bytes32.fromHex(row.receiptHash)) == shard)
        .forEach(this::begin);
  }

  /** Leaves the sessions of a shard to another instance. */
  void drop(int shard) {
    live.keySet().removeIf(receipt -> Shards.of(receipt) == shard);
  }

  /** The session of a receipt, if this validator is called to it. */
  Optional<Live> find(Bytes32 receiptHash) {
    return Optional.ofNullable(live.get(receiptHash));
  }

  /** Begins a session that is on record, unless it is closed, or its shard is not ours any more. */
  void begin(SessionRow row) {
    if (row.closed) {
      return;
    }
    CallWire.Call call =
        CallWire.stored(AttestationStore.parse(ReceiptAcknowledged.parser(), row.body));
    Bytes32 receipt = call.receipt().receipt().hashStruct();
    JuryCase judged =
        new JuryCase(call.receipt(), call.acks(), facts.self(), Bytes32.fromHex(row.secret));
    Live one =
        new Live(
            new Bench(call.spec(), call.receipt(), call.worker(), call.address()),
            JurySession.called(judged),
            row.openedAt);
    if (live.putIfAbsent(receipt, one) != null) {
      return;
    }
    if (!held.has(receipt)) {
      // Dropped before it was here; another instance goes on from the record.
      live.remove(receipt, one);
      return;
    }
    store.outcomes(receipt).forEach(outcome -> feed(one, new JuryInput.CertificateKnown(outcome)));
    draw(one);
  }

  private void drawAll() {
    Instant now = time.instant();
    for (Live one : List.copyOf(live.values())) {
      if (isOver(one, now)) {
        Bytes32 receipt = one.session().judged().receiptHash();
        store.close(receipt);
        live.remove(receipt);
      } else {
        draw(one);
      }
    }
  }

  /** A receipt without a certificate is judged as long as something can come of it (5.7). */
  private boolean isOver(Live one, Instant now) {
    return now.isAfter(one.openedAt().plus(config.sessionLife()))
        && (!one.session().certified().isEmpty()
            || !facts.isOpen(one.bench().receipt().receipt().jobId()));
  }

  private void draw(Live one) {
    if (one.session().jury().isPresent()) {
      return;
    }
    JobReceipt receipt = one.bench().receipt().receipt();
    Optional<Jury> jury = facts.jury(receipt);
    Optional<Bytes32> block = facts.blockHash(receipt.drawHeight());
    if (jury.isPresent() && block.isPresent()) {
      feed(
          one,
          new JuryInput.DrawBlockConfirmed(
              jury.get(),
              block.get(),
              facts.parameters().sampleSize(),
              store.verdicts(receipt.hashStruct())));
    }
  }

  /** Keeps a checked verdict of another member and tells the session. */
  void received(Live one, SignedVerdict verdict) {
    store.remember(verdict, time.instant());
    feed(one, new JuryInput.VerdictReceived(verdict));
  }

  private void feed(Live one, JuryInput input) {
    if (live.get(one.session().judged().receiptHash()) != one) {
      // Another instance has it now, or its time is over.
      return;
    }
    one.step(input, time.instant()).forEach(effect -> perform(one, effect));
  }

  private void perform(Live one, JuryEffect effect) {
    switch (effect) {
      case JuryEffect.FetchOpenings fetch ->
          couriers.run("fetching openings", () -> fetch(one, fetch));
      case JuryEffect.ReplayUnits(List<Long> units) ->
          units.forEach(
              unit -> replayer.replay(one.bench(), unit, result -> replayed(one, unit, result)));
      case JuryEffect.Sign(Verdict verdict) -> couriers.run("signing", () -> sign(one, verdict));
      case JuryEffect.Broadcast(SignedVerdict verdict, List<Address> members) ->
          couriers.spread(one, verdict, members);
      case JuryEffect.Certify(var certificate) ->
          couriers.insist("certifying", () -> certificates.made(certificate));
      case JuryEffect.Overdue(String reason) -> {
        LOG.warnf(
            "receipt %s is not verified in time: %s; going on",
            one.session().judged().receiptHash(), reason);
        meters.counter("smartnodes.attestation.overdue").increment();
      }
      case JuryEffect.WakeAt(Instant tick) -> wakeAt(one, tick);
    }
  }

  private void fetch(Live one, JuryEffect.FetchOpenings fetch) {
    List<Long> left;
    try {
      left = ask(one, fetch);
    } catch (RuntimeException e) {
      LOG.warnf("openings cannot be asked for: %s", e.getMessage());
      left = fetch.units();
    }
    if (!left.isEmpty()) {
      feed(one, new JuryInput.OpeningsFailed(left, fetch.source()));
    }
  }

  private List<Long> ask(Live one, JuryEffect.FetchOpenings fetch) {
    return switch (fetch.source()) {
      case WORKER ->
          replayer.hasModule(one.bench())
              ? openings.fromWorker(one.bench(), fetch.units(), units -> arrived(one, units))
              : fetch.units();
      case MEMBERS ->
          openings.fromMembers(
              one.bench(),
              fetch.members().stream().map(facts::peerOf).flatMap(Optional::stream).toList(),
              fetch.units(),
              units -> arrived(one, units));
    };
  }

  private void arrived(Live one, List<Long> units) {
    List<JuryEffect> effects = one.step(new JuryInput.OpeningsArrived(units), time.instant());
    for (long unit : units) {
      boolean used =
          effects.stream()
              .anyMatch(effect ->
                  effect instanceof JuryEffect.ReplayUnits(List<Long> wanted)
                      && wanted.contains(unit));
      if (!used) {
        one.bench().done(unit, false);
      }
    }
    effects.forEach(effect -> perform(one, effect));
  }

  private void replayed(Live one, long unit, Replay.Result result) {
    boolean refuted = result instanceof Replay.Result.Different;
    if (refuted) {
      LOG.warnf(
          "unit %d of receipt %s is not as claimed", unit, one.session().judged().receiptHash());
      meters.counter("smartnodes.attestation.refutations").increment();
    }
    one.bench().done(unit, refuted);
    feed(one, new JuryInput.Replayed(unit, result));
  }

  private void sign(Live one, Verdict verdict) {
    try {
      SignedVerdict signed =
          new SignedVerdict(facts.self(), verdict, signer.sign(VerdictWire.toSign(verdict)));
      store.remember(signed, time.instant());
      meters
          .counter("smartnodes.attestation.verdicts", "outcome", verdict.outcome().name())
          .increment();
      feed(one, new JuryInput.Signed(signed));
    } catch (RuntimeException e) {
      // Also where it is signed and not on record: nobody may hear it before.
      LOG.warnf("the verdict %s is not signed: %s", verdict.outcome(), e.getMessage());
      if (!Refusals.isAlreadySigned(e) && Couriers.sleep(SIGNER_PAUSE)) {
        feed(one, new JuryInput.NotSigned(verdict));
      }
    }
  }

  private void wakeAt(Live one, Instant tick) {
    Instant now = time.instant();
    if (one.schedules(tick, now)) {
      couriers.after(Duration.between(now, tick), "a tick", () -> feed(one, new JuryInput.Tick()));
    }
  }
}
