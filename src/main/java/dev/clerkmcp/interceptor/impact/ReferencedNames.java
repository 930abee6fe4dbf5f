package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what people call the objects that requests name by ID: the key of a role or permission, the
 * name of a machine. It is for one plan, reads each object once and at most 50 of them, and only
 * when the plan is shown, to a person or as a dry run.
 */
public final class ReferencedNames {
  /** Each lookup is a request, and Clerk limits how many it answers. */
  private static final int MAX_READS = 50;

  /** Of an object with several of these fields, the first is the hardest to change. */
  private static final List<String> NAMES = List.of("key", "name");

  /** Where the objects are read whose IDs have a prefix; a path without a variable is a list. */
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("cplan", "/billing/plans"),
          Map.entry("ent", "/enterprise_connections/{enterprise_connection_id}"),
          Map.entry("entc", "/enterprise_connections/{enterprise_connection_id}"),
          Map.entry("mch", "/machines/{machine_id}"),
          Map.entry("oa", "/oauth_applications/{oauth_application_id}"),
          Map.entry("org", EndpointReader.ORGANIZATION),
          Map.entry("perm", "/organization_permissions/{permission_id}"),
          Map.entry("role", "/organization_roles/{organization_role_id}"),
          Map.entry("rset", "/role_sets/{role_set_key_or_id}"),
          Map.entry("samlc", "/saml_connections/{saml_connection_id}"),
          Map.entry("user", EndpointReader.USER));

  private final VisibleTargets targets;
  private final Map<String, Optional<String>> known = new HashMap<>();

  public ReferencedNames(VisibleTargets targets) {
    this.targets = targets;
  }

  /**
   * What an ID stands for, with the ID: {@code org:admin (role_1)}. Null if the text is no ID of an
   * object that can be read and shown.
   */
  public synchronized @Nullable String find(ClerkRequest request, String id) {
    int end = id.lastIndexOf('_');
    String path = end < 0 || !id.matches("\\w{1,64}") ? null : PATHS.get(id.substring(0, end));
    if (path == null) {
      return null;
    }
    Optional<String> found = known.get(id);
    if (found == null) {
      found = known.size() < MAX_READS ? read(request, path, id) : Optional.empty();
      known.put(id, found);
    }
    return found.orElse(null);
  }

  private Optional<String> read(ClerkRequest request, String path, String id) {
    Endpoint read = Endpoint.parse("GET " + path);
    List<String> variables = read.variables();
    ObjectNode arguments =
        variables.isEmpty()
            ? Json.object().put("limit", Pages.LARGEST)
            : Json.object().put(variables.get(0), id);
    if (path.equals(EndpointReader.ORGANIZATION)) {
      arguments.put("include_members_count", true); // as the target is read, so that it is cached
    }
    JsonNode answer = targets.find(request, path, arguments);
    JsonNode object = answer;
    for (JsonNode row : variables.isEmpty() ? EndpointReader.rows(answer) : Json.array()) {
      object = row.path("id").asText().equals(id) ? row : object;
    }
    if (object == null || !object.path("id").asText().equals(id)) {
      return Optional.empty();
    }
    if (!targets.shows(object, read)) {
      return Optional.empty();
    }
    if (path.equals(EndpointReader.USER)) {
      return Optional.of(TargetDescriber.person(object));
    }
    for (String field : NAMES) {
      String name = object.path(field).asText("");
      if (!name.isBlank()) {
        return Optional.of("%s (%s)".formatted(QuotedText.plain(name), id));
      }
    }
    return Optional.empty();
  }
}
