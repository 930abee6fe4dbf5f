package dev.clerkmcp.transport.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values by which found users and organizations are offered: what people know them by where
 * that can be used as it stands, otherwise their IDs. Rows may be cut short or masked.
 */
final class CompletionValues {
  /** Stands where a guard has cut a value. */
  private static final String CUT = "***";

  private CompletionValues() {}

  /** E-mail addresses first; IDs where they have none, or where the beginning of one was typed. */
  static List<String> users(JsonNode rows, String part) {
    return values(rows, part, "user_", row -> email(row, part));
  }

  /** Slugs first; IDs where they have none, or where the beginning of one was typed. */
  static List<String> organizations(JsonNode rows, String part) {
    return values(rows, part, "org_", row -> usable(row.path("slug")));
  }

  private static List<String> values(JsonNode rows, String part, String idPrefix, KnownBy knownBy) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> ids = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      String name = part.startsWith(idPrefix) ? null : knownBy.find(row);
      String id = row.path("id").textValue();
      if (name != null) {
        names.add(name);
      } else if (id != null) {
        ids.add(id);
      }
    }
    List<String> values = new ArrayList<>(names);
    values.addAll(ids);
    return values;
  }

  /** The address in which the part stands, else the first. */
  private static @Nullable String email(JsonNode user, String part) {
    String first = null;
    String wanted = part.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, JsonNode> field : user.properties()) {
      if (field.getKey().contains("email")) {
        for (JsonNode value :
            field.getValue().isArray() ? field.getValue() : List.of(field.getValue())) {
          String email = usable(value.isObject() ? value.path("email_address") : value);
          if (email == null || !email.contains("@")) {
            continue;
          }
          if (email.toLowerCase(Locale.ROOT).contains(wanted)) {
            return email;
          }
          first = first == null ? email : first;
        }
      }
    }
    return first;
  }

  /** A text that can be sent back as it is. */
  private static @Nullable String usable(JsonNode value) {
    String text = value.textValue();
    boolean whole =
        text != null
            && !text.isEmpty()
            && !text.contains(CUT)
            && text.indexOf('\\') < 0 // what is hidden may stand written out
            && text.equals(TextSanitizer.stripped(text));
    return whole ? text : null;
  }

  /** Finds what people know a row by; null if there is nothing usable. */
  private interface KnownBy {
    @Nullable String find(JsonNode row);
  }
}
