package io.smartnodes.cli.demo;

import io.smartnodes.chain.ContractError;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.session.Claims;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.state.Payout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Claims what workers have earned, and tries what must not work. */
final class ClaimFacts {
  private final Session session;
  private final Claims claims;
  private final Checks checks;
  private final Terminal terminal;

  ClaimFacts(Session session, Claims claims, Checks checks, Terminal terminal) {
    this.session = session;
    this.claims = claims;
    this.checks = checks;
    this.terminal = terminal;
  }

  /** Claims for every worker that has earned something. */
  List<Report.ClaimPart> claim(List<WorkerProcess> workers, Map<Address, Amount> earned) {
    List<Report.ClaimPart> parts = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    List<String> twice = new ArrayList<>();
    for (WorkerProcess worker : workers) {
      Amount should = earned.getOrDefault(worker.account(), Amount.ZERO);
      if (should.isZero()) {
        continue;
      }
      Amount before = session.contracts().token().balanceOf(worker.account());
      Claims.Outcome outcome = claims.claim(worker.account());
      Amount arrived = session.contracts().token().balanceOf(worker.account()).minus(before);
      if (outcome instanceof Claims.Outcome.Paid paid
          && paid.amount().equals(should)
          && arrived.equals(should)) {
        parts.add(
            new Report.ClaimPart(
                worker.account().toString(),
                paid.amount().toString(),
                paid.transaction().toString()));
        terminal.line(
            "  " + worker.name() + " claimed " + Terminal.sno(paid.amount()) + " by its proof");
      } else {
        wrong.add(worker.name() + ": " + outcome + ", " + arrived + " arrived, earned " + should);
      }
      Optional<ContractError> second = claims.tryClaim(worker.account());
      if (second.filter(error -> error.name().equals("NothingToClaim")).isEmpty()) {
        twice.add(worker.name() + ": " + second);
      }
    }
    checks.note(
        "claimsPayWhatWasEarned",
        wrong.isEmpty() && parts.size() == earned.size(),
        wrong.isEmpty() ? parts.size() + " claims paid" : String.join("; ", wrong));
    checks.note(
        "aSecondClaimIsRefused",
        twice.isEmpty() && !parts.isEmpty(),
        twice.isEmpty() ? "NothingToClaim, " + parts.size() + " times" : String.join("; ", twice));
    return parts;
  }

  /**
   * A cheat has no leaf for what a voided receipt would have brought; with the proof of another's
   * leaf, or its own with another amount, the chain refuses.
   */
  void checkCheats(CertificateFacts certificates, Map<Address, Amount> earned) {
    List<Certificate> refuted = certificates.with(Outcome.REFUTED);
    if (refuted.isEmpty()) {
      checks.note("aCheatCannotClaim", true, "no receipt was voided");
      return;
    }
    Optional<Session.Executed<Payout>> honest =
        earned.keySet().stream().flatMap(account -> claims.leaf(account).stream()).findFirst();
    if (honest.isEmpty()) {
      checks.note("aCheatCannotClaim", false, "there is no honest leaf to compare with");
      return;
    }
    List<String> told = new ArrayList<>();
    boolean ok = true;
    for (Certificate certificate : refuted) {
      Address cheat = certificate.receipt().lease().worker();
      Amount should = earned.getOrDefault(cheat, Amount.ZERO);
      Amount has = claims.leaf(cheat).map(leaf -> leaf.value().cumulative()).orElse(Amount.ZERO);
      Payout forged =
          new Payout(
              cheat, session.deployment().token(), cheat, has.plus(MoneyFacts.gross(certificate)));
      Optional<ContractError> error = claims.tryForged(forged, honest.get());
      boolean refused =
          has.equals(should) && error.filter(why -> why.name().equals("ProofInvalid")).isPresent();
      ok &= refused;
      told.add(
          "lease "
              + certificate.receipt().lease().number()
              + ": "
              + error.map(ContractError::name).orElse("accepted"));
    }
    checks.note("aCheatCannotClaim", ok, String.join(", ", told));
  }
}
