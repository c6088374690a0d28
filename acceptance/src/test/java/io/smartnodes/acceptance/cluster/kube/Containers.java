package io.smartnodes.acceptance.cluster.kube;

import io.smartnodes.acceptance.cluster.report.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes of pods whose node is this machine, as the kernel shows them; there are none where
 * the cluster runs elsewhere.
 */
public final class Containers {
  private static final Path PROC = Path.of("/proc");
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final double MIB = 1024.0 * 1024;

  private Containers() {}

  /** What the containers of a pod used. */
  public record Usage(double cpuSeconds, double peakMemoryMiB) {}

  /** The processes of a container. */
  public static List<ProcessHandle> processes(String containerId) {
    List<ProcessHandle> all = new ArrayList<>();
    for (Path process : numbered()) {
      if (cgroups(process).stream().anyMatch(line -> line.contains(containerId))) {
        ProcessHandle.of(Long.parseLong(process.getFileName().toString())).ifPresent(all::add);
      }
    }
    return all;
  }

  /**
   * Kills the processes of a container as the kernel does when memory runs out.
   *
   * @throws IllegalStateException if none of them is on this machine
   */
  public static void kill(String containerId) {
    List<ProcessHandle> all = processes(containerId);
    Steps.check(!all.isEmpty(), "no process of container " + containerId + " is on this machine");
    all.forEach(ProcessHandle::destroyForcibly);
  }

  /** What a pod used so far, empty if it is not on this machine. */
  public static Optional<Usage> usage(Kube.Pod pod) {
    for (String container : pod.containers()) {
      for (ProcessHandle process :
          pod.containerId(container).map(Containers::processes).orElse(List.of())) {
        List<String> groups = cgroups(PROC.resolve(Long.toString(process.pid())));
        Optional<Usage> usage = first(groups).or(() -> second(groups));
        if (usage.isPresent()) {
          return usage;
        }
      }
    }
    return Optional.empty();
  }

  /** In the first version of control groups each resource has a tree; the pod is one level up. */
  private static Optional<Usage> first(List<String> groups) {
    Optional<Double> cpu =
        group(groups, "cpuacct", CGROUPS.resolve("cpuacct"))
            .flatMap(folder -> number(folder.resolve("cpuacct.usage")))
            .map(nanos -> nanos / NANOS);
    Optional<Double> memory =
        group(groups, "memory", CGROUPS.resolve("memory"))
            .flatMap(folder -> number(folder.resolve("memory.max_usage_in_bytes")));
    return cpu.map(seconds -> new Usage(round(seconds), round(memory.orElse(0.0) / MIB)));
  }

  private static Optional<Usage> second(List<String> groups) {
    Optional<Path> folder = group(groups, "", CGROUPS);
    Optional<Double> cpu =
        folder
            .map(path -> path.resolve("cpu.stat"))
            .flatMap(Containers::read)
            .flatMap(
                text -> text.lines().filter(line -> line.startsWith("usage_usec ")).findFirst())
            .map(line -> Double.parseDouble(line.substring("usage_usec ".length())) / MICROS);
    Optional<Double> memory = folder.flatMap(path -> number(path.resolve("memory.peak")));
    return cpu.map(seconds -> new Usage(round(seconds), round(memory.orElse(0.0) / MIB)));
  }

  private static Optional<Path> group(List<String> groups, String controller, Path tree) {
    return groups.stream()
        .map(line -> line.split(":", 3))
        .filter(fields -> List.of(fields[1].split(",")).contains(controller))
        .map(fields -> tree.resolve(fields[2].substring(1)))
        .map(Path::getParent)
        .findFirst();
  }

  private static Optional<Double> number(Path file) {
    return read(file).map(text -> Double.parseDouble(text.strip()));
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static List<String> cgroups(Path process) {
    return read(process.resolve("cgroup")).map(text -> text.lines().toList()).orElse(List.of());
  }

  private static List<Path> numbered() {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(path -> path.getFileName().toString().matches("[0-9]+")).toList();
    } catch (IOException absent) {
      return List.of();
    }
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
