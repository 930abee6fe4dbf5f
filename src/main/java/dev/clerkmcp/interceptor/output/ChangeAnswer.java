package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the answer of a call that changes one object, or a list of objects alike: what it is, the
 * fields that differ, and what else the change did. It goes by the facts of the operation and by
 * what the audit recorded of the object before and after; no tool is named.
 *
 * <ul>
 *   <li>Something created answers with its row, without the arguments of the call.
 *   <li>Something deleted answers with its ID and name.
 *   <li>Any other change answers with {@code changed: [{field, before, after}]}.
 * </ul>
 */
public final class ChangeAnswer {
  private static final Endpoint USER = Endpoint.parse("GET /users/{user_id}");
  private static final String CHANGED = "changed";
  private static final String ID = "id";
  private static final String OBJECT = "object";
  private static final String USER_ID = "user_id";
  private static final String NOTHING = "Nothing was changed: everything was so already.";
  private static final String IGNORED = "Clerk accepted the change, but answers as before: %s.";

  /** The columns that name an object, in the views of all kinds. */
  private static final List<String> NAMES =
      List.of(
          ID,
          USER_ID,
          "name",
          "email",
          "email_address",
          "identifier",
          "phone_number",
          "web3_wallet",
          "key",
          "url",
          "organization");

  /** Times that are no news of what has just been created. */
  private static final Set<String> TIMES =
      Set.of("created_at", "last_active_at", "last_sign_in_at", "updated_at");

  private final ViewRegistry views;
  private final Supplier<Map<String, OperationFacts>> facts;
  private final ChangeHistory history;
  private final VisibleTargets targets;
  private final UnaryOperator<JsonNode> mask;
  private final SideEffects sideEffects;

  /**
   * Prepares to answer.
   *
   * @param facts the facts of every operation, by route
   * @param targets hides what the policy keeps tools from reading
   * @param mask masks personal data, if it is masked in answers
   */
  public ChangeAnswer(
      ViewRegistry views,
      Supplier<Map<String, OperationFacts>> facts,
      ChangeHistory history,
      VisibleTargets targets,
      UnaryOperator<JsonNode> mask) {
    this.views = views;
    this.facts = facts;
    this.history = history;
    this.targets = targets;
    this.mask = mask;
    this.sideEffects = new SideEffects(mask);
  }

  /** A request that was made, with the facts of its operation. */
  record Made(Change change, OperationFacts operation) {}

  /** How many requests of a call have been recorded so far. */
  int recorded(ToolCallContext context) {
    return history.partsOf(context).size();
  }

  /**
   * The answer of a call; null if it changed nothing, if the policy keeps tools from reading what
   * it changed, or if it is a composed tool with an answer of its own.
   *
   * @param answer Clerk's object or objects, with secrets and personal data masked
   * @param earlier how many requests had been recorded before the call
   */
  @Nullable JsonNode find(ToolCallContext context, JsonNode answer, int earlier) {
    boolean isOwnShape = context.tool().isComposed() && !answer.has(OBJECT);
    List<Part> all = history.partsOf(context);
    List<Made> made = new ArrayList<>();
    for (Part part : all.subList(Math.min(earlier, all.size()), all.size())) {
      OperationFacts operation = facts.get().get(part.change().endpoint().route());
      boolean isAnswered = part.change().answer() != null;
      if (isAnswered && operation != null) {
        made.add(new Made(part.change(), operation));
      }
      if (isAnswered && (operation == null || !isVisible(part))) {
        return null;
      }
    }
    return made.isEmpty() || isOwnShape ? null : new Answer(context, made).of(answer);
  }

  private boolean isVisible(Part part) {
    Change change = part.change();
    List<JsonNode> record =
        Stream.of(change.before(), change.answer()).filter(Objects::nonNull).toList();
    return targets
        .recorded(change.endpoint(), change.arguments(), record, part.target())
        .equals(part.target());
  }

  /** What one call did. */
  private final class Answer {
    private final ToolCallContext context;
    private final List<Made> made;
    private final Made first;
    private final Made last;

    Answer(ToolCallContext context, List<Made> made) {
      this.context = context;
      this.made = made;
      this.first = made.get(0);
      this.last = made.get(made.size() - 1);
    }

    ObjectNode of(JsonNode answer) {
      ObjectNode shown =
          ListPage.rowsOf(answer).isArray()
              ? list(answer)
              : one(answer, last.change().answer(), first.change().before());
      made.forEach(one -> sideEffects.add(one, shown));
      return shown;
    }

    private ObjectNode one(JsonNode object, @Nullable JsonNode raw, @Nullable JsonNode before) {
      ObjectNode shown;
      if (first.operation().effect() == Effect.CREATE) {
        shown = created(object);
      } else if (isDeleted(object)) {
        shown = deleted(object, before);
        ChangedFields fields = fields();
        compareOwner(before, raw, fields);
        if (!fields.rows().isEmpty()) {
          shown.set(CHANGED, fields.rows());
        }
      } else {
        shown = changed(object, raw, before);
      }
      addSecrets(object, shown);
      return shown;
    }

    /** The answer with many objects, each with what was changed of it if that is known. */
    private ObjectNode list(JsonNode answer) {
      JsonNode recorded = last.change().answer();
      JsonNode raw = ListPage.rowsOf(recorded == null ? Json.array() : recorded);
      ArrayNode rows = Json.array();
      Set<JsonNode> seen = new HashSet<>();
      int place = 0;
      for (JsonNode row : ListPage.rowsOf(answer)) {
        JsonNode now = raw.path(place++);
        if (row.hasNonNull(ID) && !seen.add(row.get(ID))) {
          continue; // Clerk answers an object as often as it was given
        }
        JsonNode before = findBefore(now);
        ObjectNode shown;
        if (first.operation().effect() == Effect.CREATE) {
          shown = created(row);
        } else if (before instanceof ObjectNode former && now instanceof ObjectNode after) {
          ChangedFields fields = fields();
          fields.compare(former, after, asked());
          shown = names(row);
          shown.set(CHANGED, fields.rows());
        } else {
          shown = row(row);
        }
        addSecrets(row, shown);
        rows.add(shown);
      }
      ObjectNode whole = Json.object();
      if (answer instanceof ObjectNode page) {
        whole.setAll(page);
      }
      return whole.set("data", rows);
    }

    /** One of several objects before the request. */
    private @Nullable JsonNode findBefore(JsonNode object) {
      JsonNode before = last.change().before();
      for (JsonNode one : before == null ? Json.array() : ListPage.rowsOf(before)) {
        if (one.hasNonNull(ID) && one.get(ID).equals(object.get(ID))) {
          return one;
        }
      }
      return null;
    }

    private ObjectNode created(JsonNode object) {
      ObjectNode created = Json.object();
      for (Map.Entry<String, JsonNode> column : row(object).properties()) {
        String name = column.getKey();
        if (NAMES.contains(name) || !TIMES.contains(name)) {
          created.set(name, column.getValue());
        }
      }
      return created;
    }

    /**
     * Whether the object no longer exists. Clerk answers the removal of a member with the member.
     */
    private boolean isDeleted(JsonNode object) {
      UndoneBy undoneBy = last.operation().undoneBy();
      return object.path("deleted").asBoolean()
          || (last.change().endpoint().method().equals("DELETE")
              && undoneBy != null
              && undoneBy.how() == UndoMethod.RECREATION);
    }

    private ObjectNode deleted(JsonNode object, @Nullable JsonNode before) {
      if (before instanceof ObjectNode owner
          && object.hasNonNull(ID)
          && !owner.path(ID).equals(object.path(ID))
          && owner.path("object").asText().equals("user")) {
        // Clerk has no request for the state of an account or the like but that of its user.
        ObjectNode part = Json.object().set(ID, object.get(ID));
        addOwner(mask.apply(owner), part);
        return part.put("deleted", true);
      }
      ObjectNode deleted = names(before instanceof ObjectNode known ? mask.apply(known) : object);
      if (object.has(ID) && !deleted.has(ID) && !deleted.has(USER_ID)) {
        deleted.set(ID, object.get(ID));
      }
      return deleted.put("deleted", true);
    }

    private ObjectNode changed(JsonNode object, @Nullable JsonNode raw, @Nullable JsonNode before) {
      ChangedFields fields = fields();
      boolean isSame = isSame(before, raw);
      if (isSame && before instanceof ObjectNode former && raw instanceof ObjectNode now) {
        fields.compare(former, now, asked());
      }
      JsonNode answered = isSame && raw != null ? raw : Json.object();
      made.forEach(one -> fields.addGiven(one.operation(), one.change(), answered));
      compareOwner(before, raw, fields);
      addRenewed(object, fields);
      ArrayNode rows = fields.rows();
      boolean isAsked =
          made.stream().anyMatch(one -> FieldChanges.setsFields(one.operation(), one.change()));
      // Without a field to change, as in a check or a rotation, the object itself is the answer.
      ObjectNode changed = isAsked && (isSame || before == null) ? names(object) : row(object);
      if (!isSame && before instanceof ObjectNode known) {
        addOwner(mask.apply(known), changed);
      }
      if (isAsked || !rows.isEmpty()) {
        changed.set(CHANGED, rows);
      }
      if (!fields.ignored().isEmpty()) {
        context.invocation().note(IGNORED.formatted(String.join(", ", fields.ignored())));
      } else if (isAsked && rows.isEmpty() && (isSame || isAlreadySo(before))) {
        context.invocation().note(NOTHING);
      }
      return changed;
    }

    /**
     * Compares the owner of a contact or second factor before and after the change, if Clerk
     * answered something else. What cannot be read is not told.
     */
    private void compareOwner(
        @Nullable JsonNode before, @Nullable JsonNode raw, ChangedFields fields) {
      JsonNode owner = before == null ? Json.object() : before.path(FormerState.OWNER);
      if (owner.isMissingNode() && !isSame(before, raw)) {
        owner = Objects.requireNonNullElse(before, owner);
      }
      if (!(owner instanceof ObjectNode former)
          || !owner.path(OBJECT).asText().equals(ClerkUser.OBJECT)) {
        return;
      }
      try {
        ObjectNode id = Json.object().set(USER_ID, owner.path(ID));
        if (context.read(USER, id) instanceof ObjectNode now) {
          fields.compareOwner(former, now);
        }
      } catch (ClerkException e) {
        context.invocation().checkCancelled();
      }
    }

    /** Adds the credentials that Clerk made anew and shows only once, without their values. */
    private void addRenewed(JsonNode object, ChangedFields fields) {
      Secret secret = last.operation().secret();
      if (secret != null && secret.kept()) {
        Stream.of(secret.value()).filter(object::has).forEach(fields::addRenewed);
      }
    }

    private ChangedFields fields() {
      Secret secret = last.operation().secret();
      Set<String> credentials = secret == null ? Set.of() : Set.of(secret.value());
      return new ChangedFields(context.options().includePrivate(), credentials, mask);
    }

    private ObjectNode asked() {
      return ChangedFields.asked(made.stream().map(Made::change).toList());
    }

    private boolean isAlreadySo(@Nullable JsonNode before) {
      return before != null && last.operation().isAlreadySet(before);
    }

    /** Adds the object that was read before, if Clerk did not answer with that object. */
    private void addOwner(JsonNode owner, ObjectNode changed) {
      ObjectNode names = names(owner);
      if (sideEffects.replacesEmail(last.operation())) {
        names.remove("email"); // it is another one now
      }
      String kind = owner.path(OBJECT).asText();
      if (kind.equals(ClerkUser.OBJECT)) {
        changed.remove(USER_ID);
      }
      boolean isInstance = last.change().endpoint().variables().isEmpty(); // of which each call is
      if (!names.isEmpty() && !kind.isEmpty() && !isInstance) {
        changed.set(kind, names);
      }
    }

    /** Adds the credentials that Clerk shows only once, or their fingerprints. */
    private void addSecrets(JsonNode object, ObjectNode answer) {
      Secret secret = last.operation().secret();
      if (secret == null || !secret.kept() || !(object instanceof ObjectNode fields)) {
        return;
      }
      List<String> paths =
          Stream.of(secret.value())
              .map(path -> path.replaceFirst("^(?:data)?\\[\\]\\.", ""))
              .toList();
      for (Map.Entry<String, JsonNode> found :
          FieldSelection.of(paths).of(fields, null).properties()) {
        answer.putIfAbsent(found.getKey(), found.getValue());
      }
    }
  }

  /** Whether Clerk answered with the object that was read before. */
  private static boolean isSame(@Nullable JsonNode before, @Nullable JsonNode after) {
    return before != null
        && after != null
        && before.isObject()
        && after.isObject()
        && JsonDiff.same(before.path(OBJECT), after.path(OBJECT))
        && JsonDiff.same(before.path(ID), after.path(ID))
        && (after.has(OBJECT) || after.has(ID));
  }

  private ObjectNode row(JsonNode object) {
    return views.row(object, Json.object(), false) instanceof ObjectNode row ? row : Json.object();
  }

  /** What names an object: its ID, name and verified address. */
  private ObjectNode names(JsonNode object) {
    ObjectNode names = Json.object();
    ObjectNode row = row(object);
    for (String name : NAMES) {
      if (row.path(name).isTextual()) {
        names.set(name, row.get(name));
      }
    }
    if (object.path(OBJECT).asText().equals(ClerkUser.OBJECT)) {
      Contact email = new ClerkUser(object).findMain(Identifier.EMAIL_ADDRESS);
      if (email != null && !email.isProven()) {
        names.remove("email");
      }
    }
    return names;
  }
}
