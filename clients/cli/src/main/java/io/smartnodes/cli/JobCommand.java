package io.smartnodes.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import io.smartnodes.cli.session.Connection;
import io.smartnodes.cli.session.Session;
import io.smartnodes.cli.terminal.OutputOption;
import io.smartnodes.cli.terminal.Terminal;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.job.v1.JobView;
import io.smartnodes.proto.job.v1.LeaseView;
import io.smartnodes.protocol.job.Lease;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.JobStructs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smartnodes job}. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    description = "Jobs of one's own.",
    subcommands = JobCommand.Show.class,
    synopsisSubcommandLabel = "COMMAND")
final class JobCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageProblem("a command is missing: job show JOB_ID");
  }

  /** {@code smartnodes job show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows a job and its leases, as its home knows them.",
      footer = {
        "",
        "Example:",
        "  smartnodes job show 0x5a31…",
        "",
        "Exit codes: 0 found, 1 not found, 2 wrong usage."
      })
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "JOB_ID", description = "32 bytes in hexadecimal")
    private String jobId = "";

    @Mixin private Connection connection = new Connection();
    @Mixin private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws Exception {
      Bytes32 id = Bytes32.fromHex(jobId);
      try (Session session = connection.open()) {
        session.registerAsUser();
        for (ValidatorNode validator : session.network().validators()) {
          Optional<JobView> found = session.state().job(validator, id);
          if (found.isPresent()) {
            show(validator, found.get());
            return ExitCode.OK;
          }
        }
      }
      System.err.println("no validator knows a job " + jobId + " of this user");
      return ExitCode.SOFTWARE;
    }

    private void show(ValidatorNode home, JobView job)
        throws java.io.IOException, InvalidProtocolBufferException {
      List<Map<String, Object>> leases = new ArrayList<>();
      for (LeaseView view : job.getLeasesList()) {
        Lease lease = JobStructs.fromProto(view.getLease(), "lease");
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("number", lease.number());
        entry.put("first", lease.first());
        entry.put("count", lease.count());
        entry.put("worker", lease.worker().toString());
        entry.put("state", view.getState().name());
        leases.add(entry);
      }
      if (output.isJson()) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", jobId);
        all.put("home", home.operator().toString());
        all.put("state", job.getState().name());
        all.put("reason", job.getReason());
        all.put("unitsCertified", job.getUnitsCertified());
        all.put("unitsSettled", job.getUnitsSettled());
        all.put("leases", leases);
        output.print(all);
        return;
      }
      Terminal terminal = Terminal.standard(false);
      terminal.plain("job        " + jobId);
      terminal.plain("home       " + home.operator());
      terminal.plain("state      " + job.getState() + " " + job.getReason());
      terminal.plain(
          "units      "
              + job.getUnitsCertified()
              + " certified, "
              + job.getUnitsSettled()
              + " settled");
      leases.forEach(lease ->
          terminal.plain(
              "lease "
                  + lease.get("number")
                  + "    units from "
                  + lease.get("first")
                  + ", "
                  + lease.get("count")
                  + ", "
                  + lease.get("worker")
                  + ", "
                  + lease.get("state")));
    }
  }
}
