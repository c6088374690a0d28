package io.smartnodes.protocol.attestation.jury;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Replay;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/** Validators that judge one receipt on a virtual clock; each call takes ten milliseconds. */
final class Courtroom {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Bytes32 BLOCK = Keccak.text("draw block");
  private static final Domain DOMAIN = new Domain(31337, Address.fromHex("00".repeat(20)));
  private static final Duration CALL = Duration.ofMillis(10);

  /** How a validator behaves. */
  enum Manner {
    HONEST,
    /** Never answers. */
    DEAD,
    /** Confirms without a replay, whatever it hears. */
    LAZY,
    /** Cannot replay anything. */
    UNABLE,
    /** Refutes a unit that is as claimed, and opens it to nobody. */
    SLANDERER
  }

  /** What the worker does. */
  record WorkerManner(Set<Long> falsified, Set<Address> opensTo) {}

  private record Happening(Instant at, int order, Address to, JuryInput input) {}

  final List<NodeKey> keys = new ArrayList<>();
  final Map<Address, JurySession> sessions = new LinkedHashMap<>();
  final Map<Address, List<Certificate>> certificates = new LinkedHashMap<>();
  final Map<Address, String> overdue = new LinkedHashMap<>();
  final SignedReceipt receipt;
  final List<MemberSignature> acks;
  final Jury jury;
  private final Map<Address, Manner> manners;
  private final WorkerManner worker;
  private final Map<Address, Set<Long>> held = new LinkedHashMap<>();
  private final Map<Address, List<JuryInput>> undelivered = new LinkedHashMap<>();
  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(Comparator.comparing(Happening::at).thenComparingInt(Happening::order));
  private final NodeKey home = key(1_000);
  private final NodeKey workerKey = key(1_001);
  private int order;
  private Instant clock = START;

  Courtroom(int validators, long units, Map<Integer, Manner> manners, WorkerManner worker) {
    this.worker = worker;
    for (int i = 0; i < validators; i++) {
      keys.add(key(i + 1));
    }
    Lease lease =
        new Lease(Keccak.text("job"), 1, 0, units, workerKey.address(), Amount.of(1), START);
    JobReceipt made =
        new JobReceipt(lease.jobId(), 1, 0, units, new Fuel(units), Keccak.text("results"), 100);
    receipt =
        new SignedReceipt(made, DOMAIN.sign(made, workerKey), lease, DOMAIN.sign(lease, home));
    acks =
        keys.stream()
            .limit(4)
            .map(key ->
                new MemberSignature(
                    key.address(), DOMAIN.sign(new Ack(made.jobId(), 1, made.hashStruct()), key)))
            .toList();
    List<Seat> seats =
        keys.stream().map(key -> new Seat(key.address(), Keccak.words(key.peerId()))).toList();
    jury = Jury.draw(made.hashStruct(), BLOCK, seats, 4, START);
    this.manners =
        manners.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> jury.order().get(entry.getKey()),
                    Map.Entry::getValue,
                    (one, other) -> other,
                    LinkedHashMap::new));
    for (Address member : jury.order()) {
      sessions.put(
          member,
          JurySession.called(new JuryCase(receipt, acks, member, Keccak.words(member.toWord()))));
      certificates.put(member, new ArrayList<>());
      held.put(member, new java.util.HashSet<>());
      if (manner(member) != Manner.DEAD) {
        at(START, member, new JuryInput.DrawBlockConfirmed(jury, BLOCK, 30, List.of()));
      }
    }
  }

  private static NodeKey key(int secret) {
    return NodeKey.of(Bytes32.ofNumber(secret));
  }

  Manner manner(Address member) {
    return manners.getOrDefault(member, Manner.HONEST);
  }

  CertificateCheck.View view() {
    return new CertificateCheck.View(
        DOMAIN,
        keys.stream()
            .collect(Collectors.toMap(NodeKey::address, key -> java.util.Set.of(key.address()))),
        java.util.Set.of(home.address()),
        workerKey.address(),
        keys.stream().limit(4).map(NodeKey::address).toList());
  }

  JurySession session(Address member) {
    return java.util.Objects.requireNonNull(sessions.get(member));
  }

  /** Signs as a validator. */
  io.smartnodes.crypto.Bytes sign(Struct struct, Address operator) {
    return DOMAIN.sign(
        struct,
        keys.stream().filter(key -> key.address().equals(operator)).findFirst().orElseThrow());
  }

  /** The addresses of so many validators. */
  static Set<Address> everybody(int validators) {
    return new Courtroom(validators, 1, Map.of(), new WorkerManner(Set.of(), Set.of()))
        .keys.stream().map(key -> key.address()).collect(Collectors.toSet());
  }

  /** What the certificates say. */
  static Set<Outcome> outcomes(Courtroom room) {
    return room.written().stream().map(Certificate::outcome).collect(Collectors.toSet());
  }

  /** Whoever checks the certificates finds nothing wrong. */
  static void holds(Courtroom room) {
    for (Certificate certificate : room.written()) {
      assertThat(CertificateCheck.certificate(certificate, room.jury, room.view())).isEmpty();
    }
  }

  /** All certificates written by anybody, in the order of the members. */
  List<Certificate> written() {
    return certificates.values().stream().flatMap(List::stream).toList();
  }

  /** From now on a member of the draw behaves otherwise; a dead one is called again. */
  Courtroom becomes(int place, Manner manner) {
    Address member = jury.order().get(place);
    if (manners.put(member, manner) == Manner.DEAD) {
      at(clock, member, new JuryInput.DrawBlockConfirmed(jury, BLOCK, 30, List.of()));
      List<JuryInput> waited = Optional.ofNullable(undelivered.remove(member)).orElse(List.of());
      waited.forEach(input -> at(clock, member, input));
    }
    return this;
  }

  private void deliver(Address member, JuryInput input, Instant time) {
    if (manner(member) == Manner.DEAD) {
      undelivered.computeIfAbsent(member, key -> new ArrayList<>()).add(input);
    } else {
      at(time, member, input);
    }
  }

  /** Lets time pass up to so long after the start. */
  Courtroom run(Duration time) {
    Instant end = START.plus(time);
    clock = end;
    while (!agenda.isEmpty() && !agenda.peek().at().isAfter(end)) {
      Happening next = agenda.remove();
      JurySession session = session(next.to());
      JurySession.Step step = session.step(next.input(), next.at());
      sessions.put(next.to(), step.next());
      step.effects().forEach(effect -> perform(next.to(), effect, next.at()));
    }
    return this;
  }

  private void at(Instant time, Address to, JuryInput input) {
    agenda.add(new Happening(time, order++, to, input));
  }

  private void perform(Address member, JuryEffect effect, Instant now) {
    Instant soon = now.plus(CALL);
    switch (effect) {
      case JuryEffect.FetchOpenings fetch -> fetch(member, fetch, soon);
      case JuryEffect.ReplayUnits(List<Long> units) ->
          units.forEach(
              unit -> at(soon, member, new JuryInput.Replayed(unit, replay(member, unit))));
      case JuryEffect.Sign(Verdict verdict) ->
          at(
              soon,
              member,
              new JuryInput.Signed(
                  new SignedVerdict(member, verdict, sign(verdict.signed(), member))));
      case JuryEffect.Broadcast(SignedVerdict verdict, List<Address> members) ->
          members.forEach(other -> deliver(other, new JuryInput.VerdictReceived(verdict), soon));
      case JuryEffect.Certify(Certificate certificate) -> {
        java.util.Objects.requireNonNull(certificates.get(member)).add(certificate);
        sessions.keySet().stream()
            .filter(other -> !other.equals(member) && manner(other) != Manner.DEAD)
            .forEach(
                other -> at(soon, other, new JuryInput.CertificateKnown(certificate.outcome())));
      }
      case JuryEffect.Overdue(String reason) ->
          assertThat(overdue.put(member, reason)).as("told once").isNull();
      case JuryEffect.WakeAt(Instant time) -> at(time, member, new JuryInput.Tick());
    }
  }

  private void fetch(Address member, JuryEffect.FetchOpenings fetch, Instant soon) {
    Set<Long> mine = java.util.Objects.requireNonNull(held.get(member));
    List<Long> got = new ArrayList<>();
    List<Long> not = new ArrayList<>();
    for (long unit : fetch.units()) {
      boolean given =
          switch (fetch.source()) {
            case WORKER -> worker.opensTo().contains(member);
            case MEMBERS ->
                fetch.members().stream()
                    .anyMatch(other ->
                        manner(other) == Manner.HONEST
                            && (worker.opensTo().contains(other)
                                || Optional.ofNullable(held.get(other))
                                    .orElse(Set.of())
                                    .contains(unit)));
          };
      if (manner(member) == Manner.LAZY || given || mine.contains(unit)) {
        mine.add(unit);
        got.add(unit);
      } else {
        not.add(unit);
      }
    }
    if (!got.isEmpty()) {
      at(soon, member, new JuryInput.OpeningsArrived(got));
    }
    if (!not.isEmpty()) {
      at(soon, member, new JuryInput.OpeningsFailed(not, fetch.source()));
    }
  }

  private Replay.Result replay(Address member, long unit) {
    return switch (manner(member)) {
      case LAZY -> new Replay.Result.Equal();
      case UNABLE -> new Replay.Result.Unavailable("no memory");
      case SLANDERER -> new Replay.Result.Different(refutation(unit));
      case HONEST, DEAD ->
          worker.falsified().contains(unit)
              ? new Replay.Result.Different(refutation(unit))
              : new Replay.Result.Equal();
    };
  }

  Refutation refutation(long unit) {
    return new Refutation(
        receipt.receipt().hashStruct(),
        unit,
        Keccak.text("in"),
        Keccak.text("claimed"),
        Keccak.text("replayed"),
        new Fuel(1));
  }
}
