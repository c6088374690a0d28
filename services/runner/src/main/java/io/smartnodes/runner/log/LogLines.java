package io.smartnodes.runner.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Log lines in the form of the services' own, on standard output. */
public final class LogLines extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  /** Libraries speak up about warnings only; held here, or their settings would be forgotten. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private static final Logger NETTY = Logger.getLogger("io.netty");

  /** Makes them the only ones. */
  public static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler out =
        new StreamHandler(System.out, new LogLines()) {
          @Override
          public synchronized void publish(LogRecord entry) {
            super.publish(entry);
            flush();
          }
        };
    root.addHandler(out);
    GRPC.setLevel(Level.SEVERE);
    NETTY.setLevel(Level.SEVERE);
  }

  @Override
  public String format(LogRecord entry) {
    String line =
        "%s %-5s [%s] (%s) %s%n"
            .formatted(
                TIME.format(entry.getInstant().atZone(ZoneId.systemDefault())),
                level(entry.getLevel()),
                entry.getLoggerName(),
                Thread.currentThread().getName(),
                formatMessage(entry));
    Throwable thrown = entry.getThrown();
    if (thrown == null) {
      return line;
    }
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return line + trace;
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
