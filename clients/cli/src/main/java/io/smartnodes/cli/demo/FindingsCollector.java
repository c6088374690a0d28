package io.smartnodes.cli.demo;

import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.session.Claims;
import io.smartnodes.cli.session.Patience;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.sdk.JobResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Claims what was earned and checks everything that must hold after a job was settled. */
final class FindingsCollector {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final LocalNetwork network;
  private final DemoOptions options;
  private final Terminal terminal;
  private final Checks checks;
  private final Phases phases;

  FindingsCollector(
      LocalNetwork network, DemoOptions options, Terminal terminal, Checks checks, Phases phases) {
    this.network = network;
    this.options = options;
    this.terminal = terminal;
    this.checks = checks;
    this.phases = phases;
  }

  Findings collect(Session user, JobRan ran, Address home, Set<Address> alive) {
    phases.begin("claims");
    terminal.step("Honest workers claim by Merkle proof; the cheat tries too");
    ProtocolParameters parameters = CertificateFacts.parameters(user);
    Patience patience = new Patience(PATIENCE);
    CertificateFacts certificates =
        CertificateFacts.collect(user, ran.plan().jobId(), alive, patience, checks);
    List<Address> workers = network.workers().stream().map(WorkerProcess::account).toList();
    Claims claims = new Claims(user);
    MoneyFacts money = new MoneyFacts(user, parameters, checks);
    Map<Address, Amount> earned = money.earned(certificates.with(Outcome.CONFIRMED));
    money.checkPayouts(claims, earned, workers);
    ClaimFacts claimed = new ClaimFacts(user, claims, checks, terminal);
    List<Report.ClaimPart> claimParts = claimed.claim(network.workers(), earned);
    claimed.checkCheats(certificates, earned);

    phases.begin("checks");
    terminal.step("Checking that everything holds");
    long last = user.contracts().core().epoch();
    user.network().validators().stream()
        .filter(validator -> alive.contains(validator.operator()))
        .forEach(validator -> patience.ask(() -> user.state().head(validator, last)));
    CheatFacts cheats =
        new CheatFacts(user, certificates, ran.watch().delivered(), ran.truth(), patience, checks);
    Report.DetectionPart detection =
        cheats.detection(network.workers(), parameters.sampleSize(), alive);
    cheats.checkVoided(ran.plan().spec().unitCount());
    List<Report.WorkerPart> workerParts = cheats.workers(network.workers(), ran.watch());
    workerParts.stream()
        .filter(part -> part.status().equals(Status.BANNED.name()))
        .forEach(part ->
            terminal.line("  " + part.name() + " is banned, evidence " + part.evidenceId()));
    List<Address> accounts = new ArrayList<>(workers);
    accounts.add(user.account());
    network.validators().forEach(validator -> accounts.add(validator.operator()));
    accounts.add(network.keys().treasury().address());
    Report.ConservationPart conservation =
        money.conservation(certificates.with(Outcome.CONFIRMED), accounts);
    List<Report.EpochPart> epochs = new EpochFacts(user, alive, patience, checks).collect(last);
    checks.note("storyCompleted", true, "from deployment to claim");
    long verified =
        certificates.with(Outcome.CONFIRMED).stream()
            .mapToLong(certificate -> certificate.receipt().receipt().count())
            .sum();
    return new Findings(
        new Report.JobPart(
            ran.plan().jobId().toString(),
            options.work().units(),
            verified,
            ran.result() instanceof JobResult.Completed done && done.outputs().equals(ran.truth()),
            ran.millis()),
        workerParts,
        certificates.parts(),
        epochs,
        claimParts,
        conservation,
        detection);
  }
}
