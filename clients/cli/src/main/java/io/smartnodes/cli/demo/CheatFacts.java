package io.smartnodes.cli.demo;

import io.grpc.StatusRuntimeException;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.session.Patience;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.attestation.Detection;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.StateClient;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Malformed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What became of the cheats: how likely it was that they are caught, and whether they were. */
final class CheatFacts {
  private static final int DIGITS = 18;
  private static final BigDecimal PRACTICALLY_SURE = new BigDecimal("0.999999");

  private final Session session;
  private final CertificateFacts certificates;
  private final Map<Bytes32, Map<Long, Bytes>> delivered;
  private final Map<Long, Bytes> truth;
  private final Patience patience;
  private final Checks checks;

  /**
   * Facts.
   *
   * @param delivered what workers claimed, by receipt
   * @param truth the outputs of the local run
   */
  CheatFacts(
      Session session,
      CertificateFacts certificates,
      Map<Bytes32, Map<Long, Bytes>> delivered,
      Map<Long, Bytes> truth,
      Patience patience,
      Checks checks) {
    this.patience = patience;
    this.session = session;
    this.certificates = certificates;
    this.delivered = delivered;
    this.truth = truth;
    this.checks = checks;
  }

  /** The receipts of one cheat: what it falsified and the odds that nobody sees it. */
  private record Odds(long units, long bad, BigInteger missed, BigInteger all) {
    BigDecimal caught() {
      return new BigDecimal(all.subtract(missed))
          .divide(new BigDecimal(all), DIGITS, RoundingMode.DOWN);
    }
  }

  /** The odds over all cheats, and the check that those who had to be caught were. */
  Report.DetectionPart detection(List<WorkerProcess> workers, int sampleSize, Set<Address> alive) {
    long units = 0;
    long bad = 0;
    Optional<BigDecimal> lowest = Optional.empty();
    Map<Address, BigDecimal> odds = new TreeMap<>();
    for (WorkerProcess worker : workers) {
      if (worker.honest()) {
        continue;
      }
      Odds one = odds(worker.account(), sampleSize);
      units += one.units();
      bad += one.bad();
      BigDecimal caught = one.caught();
      odds.put(worker.account(), caught);
      lowest = Optional.of(lowest.map(low -> low.min(caught)).orElse(caught));
    }
    checkBans(odds, alive);
    return new Report.DetectionPart(
        units,
        sampleSize,
        units == 0
            ? BigDecimal.ZERO
            : new BigDecimal(bad).divide(new BigDecimal(units), 6, RoundingMode.HALF_UP),
        lowest.orElse(BigDecimal.ZERO));
  }

  private Odds odds(Address cheat, int sampleSize) {
    Odds sum = new Odds(0, 0, BigInteger.ONE, BigInteger.ONE);
    for (Certificate certificate : certificates.certificates()) {
      if (!certificate.receipt().lease().worker().equals(cheat)) {
        continue;
      }
      int units = Math.toIntExact(certificate.receipt().receipt().count());
      int bad = falsified(certificate);
      int jury =
          certificates.juries().getOrDefault(CertificateFacts.hash(certificate), List.of()).size();
      Detection.Odds one =
          Detection.perMember(units, bad, Detection.uniformDraws(sampleSize, true))
              .byAnyOf(Math.max(1, jury));
      sum =
          new Odds(
              sum.units() + units,
              sum.bad() + bad,
              sum.missed().multiply(one.all().subtract(one.favourable())),
              sum.all().multiply(one.all()));
    }
    return sum;
  }

  /**
   * Units that differ from the local run; where nothing was delivered, the refuted one at least.
   */
  private int falsified(Certificate certificate) {
    Map<Long, Bytes> claimed = delivered.get(CertificateFacts.hash(certificate));
    if (claimed == null) {
      return certificate.outcome() == Outcome.REFUTED ? 1 : 0;
    }
    return (int)
        claimed.entrySet().stream()
            .filter(entry ->
                !Optional.of(entry.getValue())
                    .equals(Optional.ofNullable(truth.get(entry.getKey()))))
            .count();
  }

  private void checkBans(Map<Address, BigDecimal> odds, Set<Address> alive) {
    List<String> told = new ArrayList<>();
    boolean ok = true;
    for (Map.Entry<Address, BigDecimal> cheat : odds.entrySet()) {
      boolean banned = isBannedEverywhere(cheat.getKey(), alive);
      boolean had = cheat.getValue().compareTo(PRACTICALLY_SURE) >= 0;
      ok &= banned || !had;
      told.add(
          cheat.getKey()
              + (banned
                  ? " is banned with its evidence on " + alive.size() + " validators"
                  : " is not banned")
              + " (odds of detection "
              + cheat.getValue().toPlainString()
              + ")");
    }
    checks.note(
        "cheatsBannedWithEvidence", ok, told.isEmpty() ? "nobody cheats" : String.join("; ", told));
  }

  /**
   * Banned with the id of a refutation that a certificate holds, in the state of every validator.
   */
  private boolean isBannedEverywhere(Address cheat, Set<Address> alive) {
    List<Bytes32> evidence =
        certificates.with(Outcome.REFUTED, cheat).stream()
            .map(certificate -> certificate.refutation().hashStruct())
            .toList();
    for (ValidatorNode validator : session.network().validators()) {
      if (!alive.contains(validator.operator())) {
        continue;
      }
      boolean banned =
          account(validator, cheat)
              .filter(account -> account.status() == Status.BANNED)
              .filter(account -> evidence.contains(account.evidenceId()))
              .isPresent();
      if (!banned) {
        return false;
      }
    }
    return !evidence.isEmpty();
  }

  private Optional<Account> account(ValidatorNode validator, Address account) {
    try {
      return patience
          .ask(() -> session.state().leaf(validator, LeafKey.account(account), 0))
          .map(StateClient.ProvenLeaf::proof)
          .map(proof -> (Account) proof.value());
    } catch (StatusRuntimeException | Malformed failed) {
      return Optional.empty();
    }
  }

  /** No receipt that was refuted is paid or about to be; every unit of it was done by another. */
  void checkVoided(long units) {
    List<Certificate> refuted = certificates.with(Outcome.REFUTED);
    List<String> wrong = new ArrayList<>();
    for (Certificate certificate : refuted) {
      Bytes32 receipt = CertificateFacts.hash(certificate);
      if (session
          .leaf(LeafKey.pending(receipt), io.smartnodes.protocol.state.Pending.class)
          .filter(pending -> !pending.value().amount().isZero())
          .isPresent()) {
        wrong.add(receipt + " is about to be paid");
      }
    }
    checks.note(
        "voidedReceiptsAreNotPaid",
        wrong.isEmpty(),
        wrong.isEmpty() ? refuted.size() + " receipts void" : String.join("; ", wrong));
    java.util.BitSet covered = new java.util.BitSet();
    for (Certificate certificate : certificates.with(Outcome.CONFIRMED)) {
      int first = Math.toIntExact(certificate.receipt().receipt().first());
      covered.set(first, first + Math.toIntExact(certificate.receipt().receipt().count()));
    }
    checks.note(
        "everyUnitIsCertified",
        covered.cardinality() == units,
        covered.cardinality() + " of " + units + " units in confirmed receipts");
  }

  /** What each worker did. */
  List<Report.WorkerPart> workers(List<WorkerProcess> workers, JobWatch watch) {
    List<Report.WorkerPart> parts = new ArrayList<>();
    for (WorkerProcess worker : workers) {
      Optional<Account> account =
          session
              .leaf(LeafKey.account(worker.account()), Account.class)
              .map(Session.Executed::value);
      parts.add(
          new Report.WorkerPart(
              worker.account().toString(),
              worker.name(),
              worker.honest(),
              watch.leases().stream()
                  .filter(lease -> lease.worker().equals(worker.account()))
                  .mapToLong(lease -> lease.count())
                  .sum(),
              units(Outcome.CONFIRMED, worker.account()),
              units(Outcome.REFUTED, worker.account()),
              account.map(Account::status).map(Status::name).orElse("UNREGISTERED"),
              account
                  .map(Account::evidenceId)
                  .filter(id -> !id.isZero())
                  .map(Bytes32::toString)
                  .orElse(null)));
    }
    long slandered =
        parts.stream()
            .filter(part -> part.honest() && (part.refuted() > 0 || part.evidenceId() != null))
            .count();
    checks.note(
        "noHonestWorkerIsBlamed",
        slandered == 0,
        slandered == 0 ? "no honest worker was refuted" : slandered + " honest workers refuted");
    return parts;
  }

  private long units(Outcome outcome, Address worker) {
    return certificates.with(outcome, worker).stream()
        .mapToLong(certificate -> certificate.receipt().receipt().count())
        .sum();
  }
}
