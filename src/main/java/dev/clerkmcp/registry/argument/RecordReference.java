package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the call of an undo plan for a value that may not be shown, and names the record that
 * has it: {@code {"from_change": "chg_1/2"}} for an object and {@code "from_change:chg_1/2"} for a
 * text, so that it has the type that the argument takes.
 *
 * @param change the ID of the recorded change
 * @param call the number of the call in the plan; the first has 1
 */
public record RecordReference(String change, int call) {
  private static final String NAME = "from_change";
  private static final Pattern PLACE = Pattern.compile("(chg_[0-9a-z]{1,20})/([0-9]{1,5})");

  /** The reference in the place of an object. */
  public ObjectNode asObject() {
    return Json.object().put(NAME, place());
  }

  /** The reference in the place of a text. */
  public TextNode asText() {
    return TextNode.valueOf(NAME + ":" + place());
  }

  private String place() {
    return change + "/" + call;
  }

  /** Whether a value is a reference. */
  public static boolean is(JsonNode value) {
    return find(value) != null;
  }

  /** The first reference in a value; null if there is none. */
  public static @Nullable RecordReference findIn(JsonNode value) {
    RecordReference own = find(value);
    if (own != null) {
      return own;
    }
    for (JsonNode part : value) {
      RecordReference found = findIn(part);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable RecordReference find(JsonNode value) {
    if (value.isTextual() && value.textValue().startsWith(NAME + ":")) {
      return parse(value.textValue().substring(NAME.length() + 1));
    }
    if (value.isObject() && value.size() == 1) {
      Map.Entry<String, JsonNode> only = value.properties().iterator().next();
      return only.getKey().equals(NAME) ? parse(only.getValue().asText()) : null;
    }
    return null;
  }

  private static @Nullable RecordReference parse(String place) {
    Matcher matcher = PLACE.matcher(place);
    return matcher.matches()
        ? new RecordReference(matcher.group(1), Integer.parseInt(matcher.group(2)))
        : null;
  }
}
