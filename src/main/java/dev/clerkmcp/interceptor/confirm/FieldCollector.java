package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.confirm.CallPlan.Field;
import dev.clerkmcp.interceptor.impact.ReferencedNames;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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
  /** Arguments with the IDs of users. The target of the request names these users. */
  private static final List<String> IDS_OF_USERS = List.of("subject", "user_id", "user_ids");

  /** Path variables whose user or organization is named in the line about the target already. */
  private static final Set<String> IDS_OF_OWNERS = Set.of("user_id", "organization_id");

  private static final List<String> NAMES_OF_ENTRIES =
      List.of(
          "email_address", "identifier", "user_id", "directory_group_id", "scim_group_id", "id");

  private final ClerkRequest request;
  private final RiskAssessor risks;
  private final ReferencedNames names;
  private final ObjectNode shown;
  private final ObjectNode masked;
  private final Map<String, String> contacts = new HashMap<>();
  private final Map<List<@Nullable Object>, Field> fields = new LinkedHashMap<>();

  FieldCollector(ClerkRequest request, RiskAssessor risks, ReferencedNames names) {
    this.request = request;
    this.risks = risks;
    this.names = names;
    this.shown = CallPlan.shownArguments(request);
    this.masked = request.shownArguments();
  }

  /**
   * The values: the most dangerous first, the others in order.
   *
   * @param target what the request affects; null if that is unknown
   */
  Collection<Field> collect(@Nullable RequestTarget target) {
    JsonNode state = target == null ? null : target.state();
    if (state != null) {
      nameContacts(new ClerkUser(state));
    }
    Endpoint endpoint = request.endpoint();
    Set<String> covered = new HashSet<>(endpoint.variables());
    covered.addAll(namedBy(target));
    if (endpoint.payload() instanceof Payload.Form form) {
      covered.add(form.imageArgument());
    }
    for (JsonNode row : FieldChanges.whole(request.facts(), shown, state)) {
      String path = row.path("field").asText();
      if (state != null && state.isArray()) {
        path = path.substring(path.indexOf('.') + 1); // begins with the ID of one of the objects
      }
      covered.add(argument(path));
      add(path, row.get("before"), row.path("after"), Owner.NONE);
    }
    addParts(state);
    // An argument of a change without a row is as the object has it, or an option of the call.
    boolean changes = endpoint.method().equals("PATCH") || endpoint.method().equals("PUT");
    for (Map.Entry<String, JsonNode> argument : shown.properties()) {
      String name = argument.getKey();
      if (!covered.contains(name)
          && (!changes || risks.carriesRisk(request, name, argument.getValue()))) {
        boolean stays = changes && state != null && state.has(name);
        addAll(name, stays ? argument.getValue() : null, argument.getValue(), Owner.NONE);
      }
    }
    List<Field> sorted = new ArrayList<>(fields.values());
    sorted.sort(Comparator.comparingInt(field -> request.facts().placeAmongRisks(field.path())));
    return sorted;
  }

  /**
   * The arguments that would only repeat the ID of the one user that the target names. If it names
   * several, the arguments say what each of them is in the request.
   */
  private List<String> namedBy(@Nullable RequestTarget target) {
    if (target == null) {
      return List.of();
    }
    List<String> named = new ArrayList<>();
    for (String name : IDS_OF_USERS) {
      JsonNode value = shown.path(name);
      boolean only = target.users().size() == 1 && value.equals(target.users().get(0).path("id"));
      if (value.isArray() || only) {
        named.add(name);
      }
    }
    return named;
  }

  /** Notes which addresses, numbers and wallets the IDs of a user's contacts stand for. */
  private void nameContacts(ClerkUser user) {
    for (Identifier kind :
        List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER, Identifier.WEB3_WALLET)) {
      for (Contact contact : user.contacts(kind)) {
        String proof = contact.isProven() ? "" : ", unverified";
        contacts.put(contact.id(), "%s%s (%s)".formatted(contact.value(), proof, contact.id()));
      }
    }
  }

  /** The value; IDs in it with the address, number, key or name that they stand for. */
  private JsonNode named(JsonNode value) {
    if (value.isArray()) {
      ArrayNode list = Json.array();
      value.forEach(item -> list.add(named(item)));
      return list;
    }
    if (value.isObject()) {
      ObjectNode object = Json.object();
      value.properties().forEach(field -> object.set(field.getKey(), named(field.getValue())));
      return object;
    }
    if (!value.isTextual()) {
      return value;
    }
    String contact = contacts.get(value.textValue());
    String name = contact == null ? names.find(request, value.textValue()) : contact;
    return name == null ? value : TextNode.valueOf(name);
  }

  private static String argument(String path) {
    return KeyPath.keys(path).get(0);
  }

  /** Adds the objects in the path that the state does not name, such as an added permission. */
  private void addParts(@Nullable JsonNode state) {
    for (String variable : request.endpoint().variables()) {
      JsonNode id = shown.path(variable);
      boolean isTarget =
          state == null || id.equals(state.path("id")) || id.equals(state.path("key"));
      if (!isTarget && !IDS_OF_OWNERS.contains(variable) && !named(id).equals(id)) {
        add(variable, null, id, Owner.NONE);
      }
    }
  }

  /**
   * The object of a list that gets a value.
   *
   * @param names its address or ID; empty if the value is of no such object
   * @param entries how many objects the list has
   */
  private record Owner(List<String> names, int entries) {
    static final Owner NONE = new Owner(List.of(), 1);
  }

  /**
   * Adds the values inside an object, or inside each object of a list.
   *
   * @param before the value now, if it stays; null if it is unknown
   */
  private void addAll(String path, @Nullable JsonNode before, JsonNode value, Owner owner) {
    if (before != null) {
      add(path, before, value, owner);
      return;
    }
    if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
      int number = 0;
      for (JsonNode item : value) {
        number++;
        String naming = naming(item);
        JsonNode rest = naming.isEmpty() ? item : ((ObjectNode) item).deepCopy().without(naming);
        String name = naming.isEmpty() ? "entry " + number : item.path(naming).textValue();
        if (!rest.isEmpty()) { // else it has only its name, which the target has too
          addAll(path, null, rest, new Owner(List.of(name), value.size()));
        }
      }
      return;
    }
    for (JsonDiff.Difference leaf : JsonDiff.of(null, value, JsonDiff.Missing.FIELD_BY_FIELD)) {
      JsonNode after = leaf.after();
      if (after != null) {
        add(KeyPath.below(path, leaf.field()), null, after, owner);
      }
    }
  }

  /** The field that tells an object of a list from the others; empty if it has none. */
  private static String naming(JsonNode item) {
    for (String name : NAMES_OF_ENTRIES) {
      if (item.path(name).isTextual()) {
        return name;
      }
    }
    return "";
  }

  private void add(String path, @Nullable JsonNode before, JsonNode after, Owner owner) {
    String argument = argument(path);
    boolean secret =
        Fingerprint.is(after) && !masked.path(argument).equals(request.arguments().path(argument));
    boolean risky = secret || risks.carriesRisk(request, path, after);
    Field field =
        new Field(
            path,
            before == null ? null : named(before),
            named(after),
            1,
            owner.names(),
            owner.entries(),
            risky,
            secret);
    fields.merge(field.key(), field, Field::and);
  }
}
