package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports all problems with the caller's arguments at once. */
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

  /** The same problems for arguments within an argument of a discovery tool. */
  public InvalidArgumentsException within(String argument, JsonNode schema) {
    return new InvalidArgumentsException(
        problems.stream()
            .map(problem -> new Problem(argument + "." + problem.argument(), problem.message()))
            .toList(),
        schema);
  }

  /** The schema of a tool that may not be listed; else null. */
  public @Nullable JsonNode inputSchema() {
    return inputSchema;
  }

  /** A problem with one argument; the message completes a sentence that begins with its name. */
  public static InvalidArgumentsException of(String argument, String message) {
    return new InvalidArgumentsException(List.of(new Problem(argument, message)));
  }

  public List<Problem> problems() {
    return problems;
  }

  /** A problem with an argument, which is given by its name or path. */
  public record Problem(String argument, String message) {
    private static final int MAX_ARGUMENT_LENGTH = 200;
    private static final int MAX_MESSAGE_LENGTH = 2_000;

    /** Truncates quotes of the caller's values. */
    public Problem {
      argument = QuotedText.shortened(argument, MAX_ARGUMENT_LENGTH);
      message = QuotedText.shortened(message, MAX_MESSAGE_LENGTH);
    }
  }
}
