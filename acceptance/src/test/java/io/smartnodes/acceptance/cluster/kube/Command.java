package io.smartnodes.acceptance.cluster.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it said. */
public final class Command {
  private Command() {}

  /**
   * How a program ended.
   *
   * @param exit code, 0 if it succeeded
   * @param out standard output
   * @param error standard error
   */
  public record Result(List<String> command, int exit, String out, String error) {
    /** Whether it succeeded. */
    public boolean ok() {
      return exit == 0;
    }

    /**
     * Its output.
     *
     * @throws IllegalStateException if it failed; the message carries what it said
     */
    public String output() {
      if (!ok()) {
        throw new IllegalStateException(
            String.join(" ", command.subList(0, Math.min(6, command.size())))
                + " … ended with "
                + exit
                + ": "
                + said());
      }
      return out;
    }

    /** What it said on standard error, else on standard output. */
    public String said() {
      return (error.isBlank() ? out : error).strip();
    }
  }

  /** Runs a program without input. */
  public static Result run(Duration patience, List<String> command) {
    return run(patience, command, "");
  }

  /**
   * Runs a program.
   *
   * @param input what it reads; never a secret's place, which is a command line's
   * @throws IllegalStateException if it does not end in time
   */
  public static Result run(Duration patience, List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).start();
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> error = read(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException ended) {
        // It ended without reading everything: its exit code says why.
        process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            String.join(" ", command) + " did not end in " + patience.toSeconds() + " s");
      }
      return new Result(command, process.exitValue(), out.join(), error.join());
    } catch (IOException failed) {
      throw new UncheckedIOException(command.getFirst() + " does not start", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + command.getFirst(), interrupted);
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException failed) {
            text.completeExceptionally(failed);
          }
        });
    return text;
  }
}
