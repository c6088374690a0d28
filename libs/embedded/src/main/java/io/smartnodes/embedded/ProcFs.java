package io.smartnodes.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads what Linux tells about a process; zero where there is no such file or process. */
final class ProcFs {
  /** USER_HZ, which Linux fixes at 100 for user space on all architectures we build for. */
  private static final double TICKS_PER_SECOND = 100.0;

  private ProcFs() {}

  static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The command's name may hold blanks: fields are counted after its closing parenthesis.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return ProcessHandle.of(pid)
          .flatMap(handle -> handle.info().totalCpuDuration())
          .map(Duration::toMillis)
          .map(millis -> millis / 1000.0)
          .orElse(0.0);
    }
  }

  static double peakRssMiB(long pid) {
    try {
      List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
      return status.stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0.0);
    } catch (IOException e) {
      return 0.0;
    }
  }

  /** The command line with blanks between the arguments, empty if the process is gone. */
  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return ProcessHandle.of(pid).flatMap(handle -> handle.info().commandLine()).orElse("");
    }
  }
}
