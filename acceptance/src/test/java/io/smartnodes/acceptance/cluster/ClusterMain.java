package io.smartnodes.acceptance.cluster;

import io.smartnodes.acceptance.cluster.report.Choice;
import io.smartnodes.acceptance.cluster.report.ClusterPart;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ./smartnodes test cluster} runs once a cluster is there. */
@Command(name = "cluster", mixinStandardHelpOptions = true)
public final class ClusterMain implements Runnable {
  /** Starts it. */
  public static void main(String[] arguments) {
    CommandLine line =
        new CommandLine(new ClusterMain())
            .addSubcommand("run", new Run())
            .addSubcommand("list", new ListSteps())
            .addSubcommand("seal", new Seal());
    System.exit(line.execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.err);
  }

  /** {@code run}. */
  @Command(name = "run")
  static final class Run implements Callable<Integer> {
    @Option(names = "--report")
    private @Nullable Path report;

    @Option(names = "--only")
    private List<String> only = List.of();

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--keep")
    private boolean keep;

    @Option(names = "--seed")
    private @Nullable Integer seed;

    @Override
    public Integer call() throws Exception {
      return new ClusterRun(Choice.of(only, quick), keep, seed, report).call();
    }
  }

  /** {@code list}. */
  @Command(name = "list")
  static final class ListSteps implements Runnable {
    @Override
    public void run() {
      Choice.table().forEach(System.out::println);
    }
  }

  /** {@code seal}: says in a report what was left behind. */
  @Command(name = "seal")
  static final class Seal implements Callable<Integer> {
    @Option(names = "--report", required = true)
    private Path report = Path.of("report.json");

    @Option(names = "--left", required = true)
    private String left = "";

    @Override
    public Integer call() throws Exception {
      String detail =
          left.isEmpty() ? "no process, mount, network interface or folder" : "left: " + left;
      return ClusterPart.add(report, "nothingIsLeftBehind", left.isEmpty(), detail) ? 0 : 1;
    }
  }
}
