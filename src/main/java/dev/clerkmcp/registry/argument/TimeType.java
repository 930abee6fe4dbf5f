package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a point in time: it accepts several formats and converts them to Clerk's.
 *
 * @param millis whether Clerk's format is epoch milliseconds; else RFC 3339
 * @param ahead whether the time must be in the future
 */
public record TimeType(boolean millis, boolean ahead) implements ArgumentType {
  /** An argument that chooses what was after a time. */
  private static final Pattern SINCE = Pattern.compile(".*_(after|since)");

  /**
   * A string schema without a format: with {@code date-time}, a host that validates arguments would
   * reject the other forms.
   */
  @Override
  public ObjectNode schema() {
    return ArgumentCoercion.schema("string");
  }

  @Override
  public @Nullable JsonNode read(JsonNode value, String path, ArgumentParseContext parsing) {
    PointInTime time;
    try {
      time = time(value, parsing);
    } catch (IllegalArgumentException e) {
      parsing.problem(path, String.valueOf(e.getMessage()));
      return null;
    }
    String written = value.asText().strip();
    if (time.basis() == PointInTime.Basis.NOW
        && SINCE.matcher(path).matches()
        && time.utc().isAfter(parsing.now())) {
      parsing.problem(
          path, "is in the future, so that nothing matches; a span back is written 90d");
      return null;
    }
    if (!written.equals(time.utc().toString())) {
      parsing.note("%s: %s was read as %s.".formatted(path, written, time.utc()));
    }
    if (time.basis() == PointInTime.Basis.NOW) {
      parsing.countFromNow();
    }
    return millis
        ? LongNode.valueOf(time.utc().toEpochMilli())
        : TextNode.valueOf(time.utc().toString());
  }

  private PointInTime time(JsonNode value, ArgumentParseContext parsing) {
    BigDecimal number = ArgumentCoercion.number(value);
    return number == null
        ? PointInTime.read(value.isTextual() ? value.textValue() : "", ahead, parsing.now())
        : PointInTime.ofMillis(number, ahead);
  }
}
