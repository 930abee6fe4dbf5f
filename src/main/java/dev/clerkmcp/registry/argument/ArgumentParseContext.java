package dev.clerkmcp.registry.argument;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What comes up while arguments are read: what is wrong with them, and what was made of them. */
public final class ArgumentParseContext {
  private final Instant now;
  private final List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private boolean countedFromNow;

  /**
   * Begins to read.
   *
   * @param now from which spans of time count
   */
  public ArgumentParseContext(Instant now) {
    this.now = now;
  }

  Instant now() {
    return now;
  }

  void problem(String argument, String message) {
    problems.add(new InvalidArgumentsException.Problem(argument, message));
  }

  void note(String note) {
    notes.add(note);
  }

  /** Says that an argument would be another one if it were read later. */
  void countFromNow() {
    countedFromNow = true;
  }

  public boolean isCountedFromNow() {
    return countedFromNow;
  }

  public List<InvalidArgumentsException.Problem> problems() {
    return problems;
  }

  public List<String> notes() {
    return notes;
  }
}
