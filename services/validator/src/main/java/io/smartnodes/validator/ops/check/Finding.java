package io.smartnodes.validator.ops.check;

import java.util.List;

/**
 * What is not as it must be.
 *
 * @param level whether a validator can start all the same
 * @param area what it is about, one word
 * @param text one line: what is wrong, and what to do next
 */
public record Finding(Level level, String area, String text) {
  /** How bad it is. */
  public enum Level {
    /** A validator cannot work so. */
    PROBLEM,
    /** It starts, but does not do all that it could. */
    WARNING
  }

  /** Keeps the text on one line. */
  public Finding {
    text = String.join(" ", List.of(text.strip().split("\\s*\\R\\s*")));
  }

  static Finding problem(String area, String text) {
    return new Finding(Level.PROBLEM, area, text);
  }

  static Finding warning(String area, String text) {
    return new Finding(Level.WARNING, area, text);
  }
}
