package io.smartnodes.cli;

import io.smartnodes.cli.demo.JobWatch;
import io.smartnodes.cli.job.JobFile;
import io.smartnodes.cli.job.JobWork;
import io.smartnodes.cli.network.NetworkFile;
import io.smartnodes.cli.session.Checkout;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.Deposits;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.sdk.JobPlan;
import io.smartnodes.sdk.JobResult;
import io.smartnodes.sdk.JobRun;
import io.smartnodes.sdk.ValidatorNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smartnodes run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs a job and writes its verified outputs. Registers the user and deposits what is"
            + " missing.",
    footer = {
      "",
      "Examples:",
      "  smartnodes run examples/fractal/job.yaml",
      "  smartnodes run job.yaml --unit-price 0.05 --out results/",
      "",
      "Exit codes: 0 all units verified, 1 the job failed, 2 wrong usage."
    })
final class RunCommand implements Callable<Integer> {
  /** Confirmed in one epoch at worst, executed in the next, and one that is late. */
  private static final int EPOCHS = 3;

  private static final Duration LEAST = Duration.ofMinutes(5);
  private static final Duration LEAST_FOR_THE_JOB = Duration.ofMinutes(15);

  @Parameters(paramLabel = "JOB.yaml", description = "what to run, see examples/fractal/job.yaml")
  private Path file = Path.of("job.yaml");

  @Option(
      names = "--unit-price",
      paramLabel = "SNO",
      defaultValue = "0.02",
      description = "the most to pay for a unit (default: ${DEFAULT-VALUE})")
  private BigDecimal unitPrice = new BigDecimal("0.02");

  @Option(
      names = "--home",
      paramLabel = "OPERATOR",
      description = "the validator that coordinates (default: the first)")
  private @Nullable String home;

  @Option(names = "--out", paramLabel = "DIR", description = "where outputs go")
  private @Nullable Path out;

  @Option(
      names = "--within",
      paramLabel = "MINUTES",
      description =
          "deadline of the job (default: 15, or three epochs where that is more: its hold has to"
              + " be anchored before work begins)")
  private @Nullable Long minutes;

  @Mixin private Connection connection = new Connection();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws Exception {
    JobWork work = JobFile.read(file);
    Terminal terminal = output.isJson() ? Terminal.error() : Terminal.standard(false);
    try (Session session = connection.open()) {
      terminal.step("Registering as a user, if not done before");
      session.registerAsUser();
      Address coordinator = home(session);
      Amount price =
          new Amount(unitPrice.movePointRight(18).toBigIntegerExact()).times(work.units());
      fund(session, coordinator, price, terminal);
      Instant now = session.network().time().instant();
      JobPlan plan =
          JobPlan.wasm(
              session.account(),
              coordinator,
              session.deployment().token(),
              price,
              now.plus(within(session)),
              now.toEpochMilli(),
              work.module(),
              work.inputs());
      terminal.step("Job " + plan.jobId() + " of " + work.units() + " units");
      return run(session, plan, work, terminal);
    }
  }

  private Duration within(Session session) {
    Long given = minutes;
    return given == null
        ? session.onChain().epochs(EPOCHS, LEAST_FOR_THE_JOB)
        : Duration.ofMinutes(given);
  }

  private Address home(Session session) {
    String given = home;
    if (given != null) {
      return Address.fromHex(given);
    }
    return session.network().validators().stream()
        .map(ValidatorNode::operator)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the active set is empty"));
  }

  private static void fund(Session session, Address home, Amount price, Terminal terminal)
      throws InterruptedException {
    if (session.allotted(home).compareTo(price) >= 0) {
      return;
    }
    // Of a run before this one, perhaps, that did not wait long enough.
    Amount waiting = new Deposits(session.onChain()).waiting(session.deployment().token(), home);
    Amount coming = session.allotted(home).plus(waiting);
    if (coming.compareTo(price) >= 0) {
      terminal.step(Terminal.sno(waiting) + " are deposited; the next epoch takes them over");
    } else {
      Amount missing = price.minus(coming);
      terminal.step("Depositing " + Terminal.sno(missing) + "; the next epoch takes it over");
      session.deposit(missing, home);
    }
    session.await(
        "the deposit in an executed epoch",
        session.onChain().epochs(EPOCHS, LEAST),
        funded -> funded.allotted(home).compareTo(price) >= 0);
  }

  private int run(Session session, JobPlan plan, JobWork work, Terminal terminal) throws Exception {
    List<NetworkFile.WorkerEntry> workers =
        connection.local().map(NetworkFile::workers).orElse(List.of());
    try (Terminal.Progress progress = terminal.progress("units", work.units())) {
      JobWatch watch = new JobWatch(terminal, progress, account -> name(workers, account));
      JobRun run = new JobRun(session.network(), plan, watch);
      run.submit();
      JobResult result = run.await();
      return switch (result) {
        case JobResult.Completed completed -> {
          Path folder =
              out == null
                  ? Checkout.current().results().resolve(plan.jobId().toString().substring(0, 18))
                  : out;
          Path written = work.write(completed.outputs(), folder);
          if (output.isJson()) {
            output.print(
                Map.of(
                    "job", plan.jobId().toString(),
                    "units", work.units(),
                    "certificates", completed.certificates().size(),
                    "result", written.toString()));
          } else {
            terminal.success("all units verified; the result is " + written);
          }
          yield ExitCode.OK;
        }
        case JobResult.Ended ended -> {
          terminal.failure("the job ended: " + ended.state() + " " + ended.reason());
          yield ExitCode.SOFTWARE;
        }
      };
    }
  }

  private static String name(List<NetworkFile.WorkerEntry> workers, Address account) {
    return workers.stream()
        .filter(worker -> worker.account().equals(account.toString()))
        .map(NetworkFile.WorkerEntry::name)
        .findFirst()
        .orElse(account.toString());
  }
}
