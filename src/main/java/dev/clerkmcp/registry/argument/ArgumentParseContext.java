package dev.clerkmcp.registry.argument;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems and notes of one parse of arguments. */
public final class ArgumentParseContext {
  private final Instant now;
  private final boolean reading;
  private final List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private boolean countedFromNow;
  private boolean withoutMaximum;

  /**
   * Begins a parse.
   *
   * @param now the time that relative times count from
   * @param reading whether the call only reads, so that an argument without a value may be ignored
   */
  public ArgumentParseContext(Instant now, boolean reading) {
    this.now = now;
    this.reading = reading;
  }

  boolean isReading() {
    return reading;
  }

  Instant now() {
    return now;
  }

  /** Takes a value above the maximum as it is, instead of lowering it. */
  public ArgumentParseContext withoutMaximum() {
    withoutMaximum = true;
    return this;
  }

  boolean lowers() {
    return !withoutMaximum;
  }

  void problem(String argument, String message) {
    problems.add(new InvalidArgumentsException.Problem(argument, message));
  }

  void note(String note) {
    notes.add(note);
  }

  /**
   * Records that an argument is a time relative to now, so that a later call would resolve it
   * differently.
   */
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
