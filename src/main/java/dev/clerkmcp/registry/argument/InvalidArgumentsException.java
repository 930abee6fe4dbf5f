package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The caller's arguments cannot be used. Says everything that is wrong with them at once. */
public final class InvalidArgumentsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;
  private final transient @Nullable JsonNode inputSchema;

  public InvalidArgumentsException(List<Problem> problems) {
    this(problems, null);
  }

  private InvalidArgumentsException(List<Problem> problems, @Nullable JsonNode inputSchema) {
    super(problems.isEmpty() ? "" : problems.get(0).argument() + " " + problems.get(0).message());
    this.problems = List.copyOf(problems);
    this.inputSchema = inputSchema;
  }

  /** The same of the arguments of a tool that the caller may never have seen listed. */
  public InvalidArgumentsException within(String argument, JsonNode schema) {
    return new InvalidArgumentsException(
        problems.stream()
            .map(problem -> new Problem(argument + "." + problem.argument(), problem.message()))
            .toList(),
        schema);
  }

  /** What the tool takes, for a caller who has not seen it; else null. */
  public @Nullable JsonNode inputSchema() {
    return inputSchema;
  }

  /** One argument that cannot be used; {@code message} completes a sentence that names it. */
  public static InvalidArgumentsException of(String argument, String message) {
    return new InvalidArgumentsException(List.of(new Problem(argument, message)));
  }

  public List<Problem> problems() {
    return problems;
  }

  /** An argument, by name or path, and what is wrong with it and how to mend it. */
  public record Problem(String argument, String message) {
    private static final int LONGEST_ARGUMENT = 200;
    private static final int LONGEST_MESSAGE = 2_000;

    /** Cuts what quotes a caller at too great a length. */
    public Problem {
      argument = QuotedText.shortened(argument, LONGEST_ARGUMENT);
      message = QuotedText.shortened(message, LONGEST_MESSAGE);
    }
  }
}
