package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields in which an object differs after a change: {@code [{field, before, after}]},
 * sorted by field. Values are compared with credentials masked, since those of the state before are
 * never kept, and shown with personal data masked; two of which only that is the same still make a
 * row.
 */
final class ChangedFields {
  /** The most characters of a value, in JSON. */
  private static final int MAX_CHARACTERS = 300;

  /** Fields that every change sets, or that differ between any two readings. */
  private static final Set<String> TOUCHED =
      Set.of("last_active_at", "latest_activity", "lockout_expires_in_seconds", "updated_at");

  /** Fields that only repeat what another one says, which differs as well. */
  private static final Map<String, String> FOLLOWS =
      Map.of("permissions", "role", "role_name", "role");

  private static final String ID = "id";
  private static final String PHONES = "phone_numbers";

  /** How a credential is masked that is too short for a digest. */
  private static final String NO_DIGEST = "...";

  private static final String PRIVATE = "private_metadata";

  /** What names an object in a list of a user's or role's field. */
  private static final List<String> LABELS =
      List.of("email_address", "phone_number", "web3_wallet", "key", "name", ID);

  private final boolean withPrivate;
  private final Set<String> credentials;
  private final UnaryOperator<JsonNode> mask;
  private final SortedMap<String, ObjectNode> rows = new TreeMap<>();
  private final Set<String> ignored = new TreeSet<>();

  /**
   * Prepares to compare.
   *
   * @param withPrivate whether the caller asks for private metadata
   * @param credentials the fields with credentials, which are not compared
   * @param mask masks personal data, if it is masked in answers
   */
  ChangedFields(boolean withPrivate, Set<String> credentials, UnaryOperator<JsonNode> mask) {
    this.withPrivate = withPrivate;
    this.credentials = credentials;
    this.mask = mask;
  }

  /** The fields that requests gave and that Clerk answered as they were before. */
  Set<String> ignored() {
    return ignored;
  }

  /** The differences so far. */
  ArrayNode rows() {
    return Json.array().addAll(rows.values());
  }

  /**
   * Adds the differences between an object before and after a change. Of a field that only one of
   * the two has, it is not known whether it was changed.
   *
   * @param given what the requests gave
   */
  void compare(ObjectNode before, ObjectNode answered, ObjectNode given) {
    Set<String> asked = names(given);
    ObjectNode former = withoutCredentials(before);
    ObjectNode after = withoutCredentials(answered);
    compare(former, after, asked);
    given
        .properties()
        .forEach(
            field ->
                addUnknown(
                    List.of(field.getKey()),
                    field.getValue(),
                    former.path(field.getKey()),
                    after.path(field.getKey())));
  }

  /**
   * An object with credentials masked as those of the other one are: the state before a change is
   * read with all masked, the answer to a tool of several steps only with the declared ones.
   */
  private static ObjectNode withoutCredentials(ObjectNode object) {
    return (ObjectNode) SecretRedactor.ofAll(List.of()).mask(object);
  }

  /**
   * Adds what was given in the place of a credential that is masked without a digest, so that
   * nobody can say whether it differs.
   */
  private void addUnknown(List<String> path, JsonNode given, JsonNode before, JsonNode after) {
    if (isSkipped(path.get(0), before, after)) {
      return;
    }
    if (given instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> inner : object.properties()) {
        List<String> below = new ArrayList<>(path);
        below.add(inner.getKey());
        String key = inner.getKey();
        addUnknown(below, inner.getValue(), before.path(key), after.path(key));
      }
    } else if (before.asText().equals(NO_DIGEST) && after.asText().equals(NO_DIGEST)) {
      put(KeyPath.of(path), before, after);
    }
  }

  /**
   * Adds the fields of the owner that changed with a part of it, such as the primary address with
   * the deletion of one.
   */
  void compareOwner(ObjectNode before, ObjectNode after) {
    ObjectNode former = Json.object();
    ObjectNode now = Json.object();
    for (String field : FormerState.OF_OWNER) {
      if (before.has(field) && after.has(field)) {
        former.set(field, before.get(field));
        now.set(field, after.get(field));
      }
    }
    for (Identifier kind : Identifier.values()) {
      String list = kind.userField();
      former.set(list, before.has(list) ? before.get(list) : Json.array());
      now.set(list, after.has(list) ? after.get(list) : Json.array());
    }
    JsonNode shownBefore = mask.apply(former);
    JsonNode shownAfter = mask.apply(now);
    for (String field : FormerState.OF_OWNER) {
      if (former.has(field) && !JsonDiff.same(former.get(field), now.get(field))) {
        if (isPrimary(field)) {
          put(
              field.substring(0, field.length() - "_id".length()),
              primary(field, former, shownBefore),
              primary(field, now, shownAfter));
        } else {
          put(field, former.get(field), now.get(field));
        }
      }
    }
    for (String flag : List.of("reserved_for_second_factor", "default_second_factor")) {
      ArrayNode rawBefore = flagged(flag, former, former);
      if (!rawBefore.equals(flagged(flag, now, now))) {
        put(
            KeyPath.of(List.of(PHONES, flag)),
            flagged(flag, former, shownBefore),
            flagged(flag, now, shownAfter));
      }
    }
  }

  /** The phone numbers of a user that have a flag. */
  private static ArrayNode flagged(String flag, JsonNode user, JsonNode shownUser) {
    ArrayNode numbers = Json.array();
    for (int i = 0; i < user.path(PHONES).size(); i++) {
      if (user.path(PHONES).path(i).path(flag).asBoolean()) {
        numbers.add(shownUser.path(PHONES).path(i).path("phone_number"));
      }
    }
    return numbers;
  }

  private void compare(ObjectNode before, ObjectNode after, Set<String> asked) {
    JsonNode shownBefore = mask.apply(before);
    JsonNode shownAfter = mask.apply(after);
    for (Map.Entry<String, JsonNode> field : after.properties()) {
      String name = field.getKey();
      JsonNode former = before.get(name);
      JsonNode now = field.getValue();
      if (former == null) {
        if (asked.contains(name) && !isSkipped(name, now, now)) {
          put(name, null, shownAfter.path(name)); // what it was is not known
        }
        continue;
      }
      if (JsonDiff.same(former, now)
          || isSkipped(name, former, now)
          || (isFollowing(name, before, after) && !asked.contains(name))) {
        continue;
      }
      if (isOtherObject(former) || isOtherObject(now)) {
        put(name, nameOf(shownBefore.path(name)), nameOf(shownAfter.path(name)));
      } else if (isPrimary(name)) {
        String contact = name.substring(0, name.length() - "_id".length());
        put(contact, primary(name, before, shownBefore), primary(name, after, shownAfter));
      } else if (isObjects(former) || isObjects(now)) {
        putLabels(name, before, after, shownBefore.path(name), shownAfter.path(name));
      } else {
        for (JsonDiff.Difference difference :
            JsonDiff.of(former, now, JsonDiff.Missing.FIELD_BY_FIELD)) {
          put(
              KeyPath.below(name, difference.field()),
              shown(difference.before(), shownBefore.path(name), difference.path()),
              shown(difference.after(), shownAfter.path(name), difference.path()));
        }
      }
    }
  }

  /**
   * Adds what a request gave for fields that Clerk's answer does not have, such as a password.
   *
   * @param answered the object in Clerk's answer; empty if it answered another one or none
   */
  void addGiven(OperationFacts operation, Change change, JsonNode answered) {
    if (!withPrivate && !change.body().path(PRIVATE).isMissingNode()) {
      // Whether it differs is not told, since its values could be guessed.
      rows.put(PRIVATE, Json.object().put("field", PRIVATE));
    }
    ObjectNode arguments = withoutCredentials(change.arguments());
    for (JsonNode row : FieldChanges.whole(operation, arguments, change.before())) {
      String field = row.path("field").asText();
      List<String> keys = KeyPath.keys(field);
      String root = FieldChanges.answeredAs(keys.get(0));
      if (root.equals(PRIVATE) || FieldCatalog.isNoise(root)) {
        continue;
      }
      boolean isAnswered =
          answered.has(root)
              && (root.equals(keys.get(0))
                  || keys.size() == 1
                  || answered.path(root).has(keys.get(1)));
      if (!isAnswered) {
        JsonNode shown = mask.apply(row);
        put(field, shown.get("before"), shown.get("after"));
      } else if (row.has("before")
          && rows.keySet().stream().noneMatch(known -> isOf(root, KeyPath.keys(known).get(0)))) {
        ignored.add(root);
      }
    }
  }

  /** Adds a credential that Clerk made anew; its value is not told here. */
  void addRenewed(String field) {
    rows.put(field, Json.object().put("field", field));
  }

  /** Whether a row is about a field; that of a primary contact shows the contact, not its ID. */
  private static boolean isOf(String field, String row) {
    return row.equals(field) || (isPrimary(field) && field.equals(row + "_id"));
  }

  private boolean isSkipped(String name, JsonNode before, JsonNode after) {
    return TOUCHED.contains(name)
        || credentials.contains(name)
        || FieldCatalog.isCredential(name)
        || FieldCatalog.isNoise(name)
        || (name.equals(PRIVATE) && !withPrivate)
        || ((isOtherObject(before) || isOtherObject(after))
            && nameOf(before).equals(nameOf(after)));
  }

  /** What names an object of its own; JSON null stays null. */
  private static JsonNode nameOf(JsonNode object) {
    for (String label : LABELS) {
      if (object.hasNonNull(label)) {
        return object.get(label);
      }
    }
    return NullNode.getInstance();
  }

  /** Whether a value is an object of its own, such as the organization of a membership. */
  private static boolean isOtherObject(JsonNode value) {
    return value.isObject() && value.has("object");
  }

  private static boolean isFollowing(String name, ObjectNode before, ObjectNode after) {
    String other = FOLLOWS.get(name);
    return other != null && !Objects.equals(before.get(other), after.get(other));
  }

  private static boolean isPrimary(String name) {
    return name.startsWith("primary_") && name.endsWith("_id");
  }

  /** The address or number with the ID that a user's field has. */
  private static JsonNode primary(String name, JsonNode user, JsonNode shownUser) {
    for (Identifier kind : Identifier.values()) {
      for (JsonNode contact : shownUser.path(kind.userField())) {
        if (name.equals("primary_" + kind.field() + "_id")
            && contact.path(ID).equals(user.path(name))) {
          return contact.path(kind.field());
        }
      }
    }
    return user.path(name);
  }

  private static boolean isObjects(JsonNode value) {
    return value.isArray() && !value.isEmpty() && value.path(0).isObject();
  }

  private void putLabels(
      String name, JsonNode before, JsonNode after, JsonNode shownBefore, JsonNode shownAfter) {
    String label = label(before.path(name).isEmpty() ? after.path(name) : before.path(name));
    if (!labels(before.path(name), label).equals(labels(after.path(name), label))) {
      put(KeyPath.below(name, label), labels(shownBefore, label), labels(shownAfter, label));
    }
  }

  /** The field that names each object of a list. */
  private static String label(JsonNode list) {
    return LABELS.stream().filter(list.path(0)::hasNonNull).findFirst().orElse(ID);
  }

  private static ArrayNode labels(JsonNode list, String label) {
    ArrayNode labels = Json.array();
    list.forEach(item -> labels.add(item.path(label)));
    return labels;
  }

  /** The masked form of a value that the raw object has; JSON null if it has none. */
  private static JsonNode shown(@Nullable JsonNode raw, JsonNode masked, List<String> path) {
    if (raw == null) {
      return NullNode.getInstance();
    }
    JsonNode found = masked;
    for (String key : path) {
      found = found.path(key);
    }
    return found.isMissingNode() ? TextNode.valueOf("***") : found; // its key is masked
  }

  private void put(String field, @Nullable JsonNode before, @Nullable JsonNode after) {
    ObjectNode row = Json.object().put("field", field);
    if (before != null) {
      row.set("before", side(field, before));
    }
    if (after != null) {
      row.set("after", side(field, after));
    }
    rows.put(field, row);
  }

  /** A value with times as text; a large one is cut, with its size. */
  private static JsonNode side(String field, JsonNode value) {
    List<String> keys = KeyPath.keys(field);
    JsonNode timed =
        keys.stream().anyMatch(FieldCatalog::isVerbatim)
            ? value
            : TimeFields.in(keys.get(keys.size() - 1), value);
    String text = timed.isTextual() ? timed.textValue() : timed.toString();
    return text.length() <= MAX_CHARACTERS
        ? timed
        : TextNode.valueOf(QuotedText.withSize(text, MAX_CHARACTERS));
  }

  /** What requests gave, by field. */
  static ObjectNode asked(List<Change> changes) {
    ObjectNode asked = Json.object();
    changes.forEach(change -> asked.setAll(change.body()));
    return asked;
  }

  private static Set<String> names(ObjectNode fields) {
    Set<String> names = new HashSet<>();
    fields.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
