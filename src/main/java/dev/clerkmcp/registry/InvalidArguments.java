package dev.clerkmcp.registry;

import java.util.List;

/** The caller's arguments cannot be used. Says everything that is wrong with them at once. */
public final class InvalidArguments extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public InvalidArguments(List<Problem> problems) {
    super(problems.isEmpty() ? "" : problems.get(0).argument() + " " + problems.get(0).message());
    this.problems = List.copyOf(problems);
  }

  /** One argument that cannot be used; {@code message} completes a sentence that names it. */
  public static InvalidArguments of(String argument, String message) {
    return new InvalidArguments(List.of(new Problem(argument, message)));
  }

  public List<Problem> problems() {
    return problems;
  }

  /** An argument, by name or path, and what is wrong with it and how to mend it. */
  public record Problem(String argument, String message) {}
}
