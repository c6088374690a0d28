package io.smartnodes.cli.terminal;

import io.smartnodes.protocol.Amount;
import java.io.Console;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What people see: lines with the time since the start, and progress where there is a terminal. */
public final class Terminal {
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String DIM = "\u001b[2m";
  private static final String RESET = "\u001b[0m";
  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final boolean rich;
  private final boolean quiet;
  private final InstantSource time;
  private final Instant start;

  private Terminal(PrintStream out, boolean rich, boolean quiet, InstantSource time) {
    this.out = out;
    this.rich = rich;
    this.quiet = quiet;
    this.time = time;
    this.start = time.instant();
  }

  /** Standard output; colours and progress only if it is a terminal and they are wanted. */
  public static Terminal standard(boolean plain) {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    boolean rich =
        !plain
            && terminal
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(System.out, rich, false, InstantSource.system());
  }

  /** For commands whose standard output is JSON: what people may read goes to standard error. */
  public static Terminal error() {
    return new Terminal(System.err, false, false, InstantSource.system());
  }

  /** Says nothing, for tests. */
  public static Terminal silent() {
    return new Terminal(
        new PrintStream(PrintStream.nullOutputStream(), true), false, true, InstantSource.system());
  }

  /** Counts something that goes on. */
  public interface Progress extends AutoCloseable {
    /** One more is done. */
    void done();

    /** Says how it stands. */
    void note(String text);

    @Override
    void close();
  }

  /** A bar on a terminal, nothing elsewhere. */
  public Progress progress(String what, long total) {
    if (!rich) {
      return new Silent();
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(500)
            .build();
    return new Bar(bar);
  }

  private record Bar(ProgressBar bar) implements Progress {
    @Override
    public void done() {
      if (bar.getCurrent() < bar.getMax()) {
        bar.step();
      }
    }

    @Override
    public void note(String text) {
      bar.setExtraMessage(text);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private static final class Silent implements Progress {
    @Override
    public void done() {}

    @Override
    public void note(String text) {}

    @Override
    public void close() {}
  }

  /** A step of a story. */
  public void step(String text) {
    print(BOLD, text);
  }

  /** Something that belongs to the last step. */
  public void line(String text) {
    print("", text);
  }

  /** Something for those who look for a cause. */
  public void detail(String text) {
    print(DIM, text);
  }

  /** Something good. */
  public void success(String text) {
    print(GREEN, text);
  }

  /** Something bad. */
  public void failure(String text) {
    print(RED, text);
  }

  /** Text without the time. */
  public synchronized void plain(String text) {
    if (!quiet) {
      out.println(text);
    }
  }

  private synchronized void print(String colour, String text) {
    if (quiet) {
      return;
    }
    double seconds = Duration.between(start, time.instant()).toMillis() / 1000.0;
    String stamp = String.format(Locale.ROOT, "[%6.1f s] ", seconds);
    if (rich) {
      out.println(CLEAR_LINE + DIM + stamp + RESET + colour + text + RESET);
    } else {
      out.println(stamp + text);
    }
    out.flush();
  }

  /** An amount of SNO for people. */
  public static String sno(Amount amount) {
    BigDecimal coins = new BigDecimal(amount.value()).movePointLeft(18).stripTrailingZeros();
    return coins.toPlainString() + " SNO";
  }
}
