package io.smartnodes.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.job.LocalRun;
import io.smartnodes.cli.money.Escape;
import io.smartnodes.cli.money.ProofFile;
import io.smartnodes.cli.money.Proofs;
import io.smartnodes.cli.network.process.WorkerProcess;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.JobListener;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A month without an execution, the escape from it, and the return. */
final class Silence {
  /** A day more than the hatch waits for. */
  static final Duration LENGTH = Duration.ofDays(31);

  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final int UNITS = 8;
  private static final Amount UNIT_PRICE = Amount.ofCoins(1).share(2, 100);
  private static final long BASIS = 10_000;

  private final Story story;
  private final CoreCalls core;
  private final Path file;
  private List<Escape.Exit> exits = List.of();
  private long lastEpoch;

  Silence(Story story) {
    this.story = story;
    this.core = story.network().contracts().core();
    this.file = story.network().folder().resolve("proof.json");
  }

  /**
   * All validators stop but one, which is too few to execute; the user keeps the proofs that it
   * still serves; then it stops too.
   */
  void begin(List<Integer> validators) throws InterruptedException, IOException {
    story.network().fleet().stop(validators.subList(1, validators.size()));
    new Proofs(story.user()).collect(List.of()).write(file);
    story.network().fleet().stop(validators.subList(0, 1));
    lastEpoch = story.epoch();
    ProofFile proofs = ProofFile.read(file);
    assertThat(proofs.epoch()).isEqualTo(lastEpoch);
    assertThat(proofs.allotments()).isNotEmpty();
    story.tell("all validators are gone after epoch " + lastEpoch);
  }

  /** A deposit that nobody is there to take. */
  void depositIntoTheVoid(Amount amount, Address home) {
    story.user().deposit(amount, home);
    List<Escape.Exit> deposits = escape().deposits(story.user().account());
    assertThat(deposits).extracting(Escape.Exit::amount).containsExactly(amount);
  }

  /** The hatch is shut until the month is over. */
  void refuseEarlyEscapes() throws IOException {
    List<Escape.Exit> all = new java.util.ArrayList<>(escape().proven(ProofFile.read(file)));
    all.addAll(escape().deposits(story.user().account()));
    exits = List.copyOf(all);
    assertRefused("SilenceMissing");
  }

  /** A month passes on the chain. */
  void passAMonth() throws InterruptedException {
    Instant before = story.user().onChain().time();
    story.network().anvil().passTime(LENGTH);
    story.await(
        "a month has passed",
        PATIENCE,
        () -> story.user().onChain().time().isAfter(before.plus(LENGTH.minusSeconds(1))));
  }

  /** The user gets everything, exactly. */
  void escapeOnce() {
    Amount before = story.network().contracts().token().balanceOf(story.user().account());
    Amount expected = Amount.ZERO;
    for (Escape.Exit exit : exits) {
      assertThat(escape().take(exit)).as(exit.what()).isInstanceOf(Escape.Outcome.Paid.class);
      expected = expected.plus(exit.amount());
      story.tell("taken by proof: " + exit.what());
    }
    assertThat(story.network().contracts().token().balanceOf(story.user().account()).minus(before))
        .isEqualTo(expected);
  }

  /** Nothing is paid twice. */
  void refuseASecondTime() {
    assertRefused("AlreadyEscaped");
  }

  private void assertRefused(String name) {
    for (Escape.Exit exit : exits) {
      assertThat(escape().take(exit))
          .as(exit.what())
          .isInstanceOfSatisfying(
              Escape.Outcome.Refused.class,
              refused -> assertThat(refused.error().name()).isEqualTo(name));
    }
  }

  /** The validators come back. */
  void end(List<Integer> validators) throws IOException, InterruptedException {
    assertThat(core.wantsDrain()).isTrue();
    story.network().fleet().start(validators);
    story.tell("the validators are back");
  }

  /** The first executions carry no body until the state has taken what left. */
  void awaitDrain() throws InterruptedException {
    story.await("an epoch executes again", PATIENCE, () -> story.epoch() > lastEpoch);
    story.await("the inbox is drained", PATIENCE, () -> !core.wantsDrain());
    ChainEvent.UpdateExecuted first =
        story.executions().stream()
            .filter(one -> one.epoch() == lastEpoch + 1)
            .findFirst()
            .orElseThrow();
    assertThat(first.bodyHash()).isEqualTo(Bytes32.ZERO);
    long drained = story.epoch();
    story.await("a body is executed again", PATIENCE, () -> story.epoch() > drained);
    assertThat(
            story.executions().stream()
                .filter(one -> one.epoch() > drained)
                .map(ChainEvent.UpdateExecuted::bodyHash))
        .doesNotContain(Bytes32.ZERO);
    story.awaitEqualRoots(PATIENCE);
    assertThat(new Proofs(story.user()).collect(List.of()).allotments())
        .as("what has left is in no state")
        .isEmpty();
  }

  /** A job after the return, with the fee that governance set. */
  void runAJob(Address home, long feeBasisPoints) throws InterruptedException, IOException {
    Session user = story.user();
    Amount price = UNIT_PRICE.times(UNITS);
    user.deposit(price, home);
    story.network().startWorkers();
    user.await(
        "the deposit in an executed epoch", PATIENCE, s -> s.allotted(home).compareTo(price) >= 0);
    user.await(
        "the registration of the workers",
        PATIENCE,
        s ->
            story.network().workers().stream()
                .map(WorkerProcess::account)
                .allMatch(worker -> s.leaf(LeafKey.account(worker), Account.class).isPresent()));
    JobWork work = work();
    Instant now = Instant.now();
    JobPlan plan =
        JobPlan.wasm(
            user.account(),
            home,
            user.deployment().token(),
            price,
            now.plus(Duration.ofMinutes(15)),
            now.toEpochMilli(),
            work.module(),
            work.inputs());
    JobRun run = new JobRun(user.network(), plan, new JobListener() {});
    user.await("the home's hold", PATIENCE, ready -> !run.submit().amount().isZero());
    assertThat(run.await())
        .isInstanceOfSatisfying(
            JobResult.Completed.class,
            done -> assertThat(done.outputs()).isEqualTo(LocalRun.run(work, plan.jobId())));
    story.tell("the job is done");
    user.await(
        "the settlement of the job",
        PATIENCE,
        s -> s.leaf(LeafKey.job(plan.jobId()), Job.class).isEmpty());
    story.tell("the job is settled");
    checkFee(plan.jobId(), feeBasisPoints);
  }

  private void checkFee(Bytes32 jobId, long feeBasisPoints) {
    Session user = story.user();
    Amount gross = Amount.ZERO;
    Amount earned = Amount.ZERO;
    for (Certificate certificate :
        user.state().certificates(user.network().validators().getFirst(), jobId)) {
      assertThat(certificate.outcome()).isEqualTo(Outcome.CONFIRMED);
      Amount one =
          certificate
              .receipt()
              .lease()
              .unitPrice()
              .times(certificate.receipt().receipt().fuel().value());
      gross = gross.plus(one);
      earned = earned.plus(one.minus(one.share(feeBasisPoints, BASIS)));
    }
    Amount paid = Amount.ZERO;
    for (WorkerProcess worker : story.network().workers()) {
      paid =
          paid.plus(
              story
                  .leaf(LeafKey.payout(worker.account(), user.deployment().token()), Payout.class)
                  .map(Payout::cumulative)
                  .orElse(Amount.ZERO));
    }
    assertThat(gross.isZero()).isFalse();
    assertThat(paid).as("wages after the new fee").isEqualTo(earned);
  }

  private JobWork work() throws IOException {
    Path inputs = story.network().folder().resolve("inputs");
    Files.createDirectories(inputs);
    for (int i = 0; i < UNITS; i++) {
      Files.writeString(inputs.resolve("tile-" + i), (i * 64) + " 448 64 64 1024 200\n");
    }
    return JobFile.of(Scenario.root().resolve("examples/fractal/fractal.wasm"), inputs);
  }

  /** The books balance, on the chain and in the state, to the last wei. */
  void checkConservation() throws InterruptedException {
    Address sno = story.user().deployment().token();
    story.await(
        "the books balance",
        PATIENCE,
        () -> {
          long epoch = story.epoch();
          story.user().onChain().send("settlement", core.settle());
          CoreCalls.Books books = core.books(sno);
          Amount held = story.network().contracts().token().balanceOf(core.address());
          Totals state = story.leaf(LeafKey.totals(sno), Totals.class).orElseThrow();
          if (story.epoch() != epoch || core.inboxConsumed() != core.inboxLength()) {
            return false;
          }
          assertThat(held.plus(books.claimed()).plus(books.burnt()))
              .as("Core holds what came in and was neither paid nor burnt")
              .isEqualTo(books.received().plus(books.minted()));
          assertThat(state.payouts()).isEqualTo(books.payouts());
          assertThat(state.minted()).isEqualTo(books.minted());
          assertThat(state.burnt()).isEqualTo(books.burnt());
          assertThat(
                  state.balances().plus(state.payouts()).plus(state.heldBack()).plus(state.burnt()))
              .as("the state owes what came in")
              .isEqualTo(books.received().plus(books.minted()));
          return true;
        });
  }

  private Escape escape() {
    return new Escape(story.user().onChain());
  }
}
