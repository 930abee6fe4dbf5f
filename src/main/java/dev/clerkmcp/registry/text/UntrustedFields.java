package dev.clerkmcp.registry.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the fields of an answer that end users can write, so that the host can treat them as data
 * and never as instructions.
 */
public final class UntrustedFields {
  private static final String MARK = "dev.clerkmcp/untrusted";

  private static final Set<String> WRITTEN_BY_ANYBODY =
      Set.of(
          "also_lost",
          "email",
          "email_address",
          "family_name",
          "first_name",
          "full_name",
          "given_name",
          "identifier",
          "label",
          "last_name",
          "target",
          "unsafe_metadata",
          "username");

  /** Names of users and organizations only; other names are written by the instance's owners. */
  private static final Set<String> WRITTEN_BY_MEMBERS = Set.of("name", "slug");

  private UntrustedFields() {}

  /** The paths of these fields for {@code _meta}, such as {@code data[].first_name}. */
  public static Map<String, Object> mark(JsonNode answer) {
    Set<String> paths = new TreeSet<>();
    collect(answer, "", "", paths);
    return paths.isEmpty() ? Map.of() : Map.of(MARK, List.copyOf(paths));
  }

  /** A view leaves out the type of an object, so its ID tells it. */
  private static boolean isSomebody(JsonNode value) {
    String id = value.path("id").asText();
    return id.startsWith("user_") || id.startsWith("org_") || value.has("user_id");
  }

  private static boolean isInvitation(String kind, String id) {
    return kind.contains("invitation")
        || kind.contains("waitlist")
        || id.startsWith("inv_")
        || id.startsWith("orginv_")
        || id.startsWith("wle_");
  }

  private static String within(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static void collect(JsonNode value, String path, String name, Set<String> paths) {
    if (value.isArray()) {
      value.forEach(item -> collect(item, path + "[]", name, paths));
      return;
    }
    String kind = value.path("object").asText(name);
    boolean ofOrganization =
        kind.equals("organization") || name.contains("organization") || isSomebody(value);
    boolean ofInvitation = isInvitation(kind, value.path("id").asText());
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String fieldName = field.getKey();
      JsonNode said = field.getValue();
      boolean strange =
          WRITTEN_BY_ANYBODY.contains(fieldName)
              || (ofOrganization && WRITTEN_BY_MEMBERS.contains(fieldName))
              || (fieldName.equals("organization") && said.isTextual())
              || (ofInvitation && fieldName.endsWith("metadata"));
      boolean says = !said.isNull() && (!said.isEmpty() || !said.asText().isEmpty());
      if (strange && says) {
        paths.add(within(path, fieldName));
      } else if (said.isContainerNode()
          && !fieldName.endsWith("metadata")
          && !fieldName.equals("claims")) {
        // In those the names too are anybody's, and are not repeated.
        collect(said, within(path, fieldName), fieldName, paths);
      }
    }
  }
}
