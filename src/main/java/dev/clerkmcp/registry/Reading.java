package dev.clerkmcp.registry;

import java.util.ArrayList;
import java.util.List;

/** What comes up while arguments are read: what is wrong with them, and what was made of them. */
final class Reading {
  private final List<InvalidArguments.Problem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  void problem(String argument, String message) {
    problems.add(new InvalidArguments.Problem(argument, message));
  }

  void note(String note) {
    notes.add(note);
  }

  List<InvalidArguments.Problem> problems() {
    return problems;
  }

  List<String> notes() {
    return notes;
  }
}
