package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.interceptor.confirm.CallPlan.Field;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values that a request sets: the changes of an existing object, and the arguments
 * that are no fields of it or that describe a new one. Equal values of several objects count as
 * one.
 */
final class FieldCollector {
  /** Its users are named by the target of the request. */
  private static final String USER_IDS = "user_ids";

  private final ClerkRequest request;
  private final RiskAssessor risks;
  private final ObjectNode shown;
  private final ObjectNode masked;
  private final Map<List<@Nullable Object>, Field> fields = new LinkedHashMap<>();

  FieldCollector(ClerkRequest request, RiskAssessor risks) {
    this.request = request;
    this.risks = risks;
    this.shown = CallPlan.shownArguments(request);
    this.masked = request.shownArguments();
  }

  /**
   * The values, in order.
   *
   * @param state the object now, or a list of objects; null if it is unknown
   */
  Collection<Field> collect(@Nullable JsonNode state) {
    Endpoint endpoint = request.endpoint();
    Set<String> covered = new HashSet<>(endpoint.variables());
    covered.add(USER_IDS);
    if (endpoint.payload() instanceof Payload.Form form) {
      covered.add(form.imageArgument());
    }
    for (JsonNode row : FieldChanges.whole(request.facts(), shown, state)) {
      String path = row.path("field").asText();
      if (state != null && state.isArray()) {
        path = path.substring(path.indexOf('.') + 1); // begins with the ID of one of the objects
      }
      covered.add(argument(path));
      add(path, row.get("before"), row.path("after"), List.of());
    }
    // An argument of a change without a row is as the object has it, or an option of the call.
    boolean changes = endpoint.method().equals("PATCH") || endpoint.method().equals("PUT");
    for (Map.Entry<String, JsonNode> argument : shown.properties()) {
      String name = argument.getKey();
      if (!covered.contains(name)
          && (!changes || risks.carriesRisk(request, name, argument.getValue()))) {
        addAll(name, argument.getValue(), List.of());
      }
    }
    return fields.values();
  }

  private static String argument(String path) {
    return KeyPath.keys(path).get(0);
  }

  /** Adds the values inside an object, or inside each object of a list. */
  private void addAll(String path, JsonNode value, List<String> owners) {
    if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
      for (JsonNode item : value) {
        String owner = owner(item);
        JsonNode rest = owner.isEmpty() ? item : ((ObjectNode) item).deepCopy().without(owner);
        addAll(path, rest, owner.isEmpty() ? List.of() : List.of(item.path(owner).textValue()));
      }
      return;
    }
    for (JsonDiff.Difference leaf : JsonDiff.of(null, value, JsonDiff.Missing.FIELD_BY_FIELD)) {
      JsonNode after = leaf.after();
      if (after != null) {
        add(KeyPath.below(path, leaf.field()), null, after, owners);
      }
    }
  }

  /** The field that tells an object of a list from the others; empty if it has none. */
  private static String owner(JsonNode item) {
    for (String name : List.of("email_address", "identifier", "user_id", "id")) {
      if (item.path(name).isTextual()) {
        return name;
      }
    }
    return "";
  }

  private void add(String path, @Nullable JsonNode before, JsonNode after, List<String> owners) {
    String argument = argument(path);
    boolean secret =
        Fingerprint.is(after) && !masked.path(argument).equals(request.arguments().path(argument));
    boolean risky = secret || risks.carriesRisk(request, path, after);
    fields.merge(
        Arrays.asList(path, before, after),
        new Field(path, before, after, 1, owners, risky, secret),
        Field::and);
  }
}
