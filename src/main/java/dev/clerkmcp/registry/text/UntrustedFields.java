package dev.clerkmcp.registry.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.FieldCatalog.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the fields of an answer that people outside can write, so that a model treats them as data
 * and never as instructions.
 */
public final class UntrustedFields {
  private static final String MARK = "dev.clerkmcp/untrusted";

  private UntrustedFields() {}

  /** The entry of {@code _meta} with the paths of untrusted fields: {@code data[].first_name}. */
  public static Map<String, Object> mark(JsonNode answer) {
    Set<String> paths = new TreeSet<>();
    collect(answer, "", "", Set.of(), paths);
    return paths.isEmpty() ? Map.of() : Map.of(MARK, List.copyOf(paths));
  }

  /**
   * Collects the untrusted fields in a value.
   *
   * @param around the kinds of the object around it; a row about a change is about a field of that
   */
  private static void collect(
      JsonNode value, String path, String name, Set<Kind> around, Set<String> paths) {
    if (value.isArray()) {
      value.forEach(item -> collect(item, path + "[]", name, around, paths));
      return;
    }
    Set<Kind> kinds = new TreeSet<>(Kind.of(value, name));
    if (FieldCatalog.isRowOfChange(value)) {
      kinds.addAll(around);
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String fieldName = field.getKey();
      JsonNode fieldValue = field.getValue();
      boolean untrusted =
          FieldCatalog.path(value, fieldName).stream().anyMatch(part -> isUntrusted(kinds, part))
              || isNameOfOrganization(fieldName, fieldValue);
      boolean hasText =
          !fieldValue.isNull() && (!fieldValue.isEmpty() || !fieldValue.asText().isEmpty());
      if (untrusted && hasText) {
        paths.add(within(path, fieldName));
      } else if (fieldValue.isContainerNode()
          && !FieldCatalog.isCustom(fieldName)
          && !FieldCatalog.isOwn(fieldName)) {
        // The keys in metadata are untrusted too, so that no path may repeat them.
        collect(fieldValue, within(path, fieldName), fieldName, kinds, paths);
      }
    }
  }

  private static boolean isUntrusted(Set<Kind> kinds, String field) {
    return kinds.stream().anyMatch(kind -> FieldCatalog.isUntrusted(kind, field));
  }

  /** In a row of a list, {@code organization} is its name; elsewhere it is the whole object. */
  private static boolean isNameOfOrganization(String field, JsonNode value) {
    return field.equals("organization") && value.isTextual();
  }

  private static String within(String path, String field) {
    String name = TextSanitizer.of(field);
    return path.isEmpty() ? name : path + "." + name;
  }
}
