package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.ChangeHistory.Part;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.Dependent;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 *   <li>Something deleted answers with its ID and name, and what was deleted with it.
 *   <li>Any other change answers with {@code changed: [{field, before, after}]}.
 * </ul>
 */
public final class ChangeAnswer {
  private static final String ID = "id";
  private static final String OBJECT = "object";
  private static final String USER_ID = "user_id";
  private static final String CHANGED = "changed";
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
  }

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
    List<Part> all = history.partsOf(context);
    List<Part> parts =
        all.subList(Math.min(earlier, all.size()), all.size()).stream()
            .filter(part -> part.change().answer() != null)
            .toList();
    boolean isOwnShape = context.tool().isComposed() && !answer.has(OBJECT);
    if (parts.isEmpty() || isOwnShape || !parts.stream().allMatch(this::isVisible)) {
      return null;
    }
    List<Change> changes = parts.stream().map(Part::change).toList();
    OperationFacts operation = facts.get().get(changes.get(changes.size() - 1).endpoint().route());
    return operation == null ? null : new Answer(context, changes, operation).of(answer);
  }

  private boolean isVisible(Part part) {
    Change change = part.change();
    List<JsonNode> record =
        Stream.of(change.before(), change.answer()).filter(one -> one != null).toList();
    return targets
        .recorded(change.endpoint(), change.arguments(), record, part.target())
        .equals(part.target());
  }

  /** What one call did. */
  private final class Answer {
    private final ToolCallContext context;
    private final List<Change> changes;
    private final Change last;
    private final OperationFacts operation;

    Answer(ToolCallContext context, List<Change> changes, OperationFacts operation) {
      this.context = context;
      this.changes = changes;
      this.last = changes.get(changes.size() - 1);
      this.operation = operation;
    }

    JsonNode of(JsonNode answer) {
      JsonNode rows = ListPage.rowsOf(answer);
      if (!rows.isArray()) {
        return of(answer, last.answer(), first(), true);
      }
      ArrayNode shown = Json.array();
      for (int i = 0; i < rows.size(); i++) {
        JsonNode raw = ListPage.rowsOf(last.answer()).path(i);
        shown.add(of(rows.get(i), raw, before(raw), false));
      }
      ObjectNode whole = Json.object();
      if (answer instanceof ObjectNode page) {
        whole.setAll(page);
      }
      whole.set("data", shown);
      return told(whole);
    }

    /** The object before the call, which may have made several requests about it. */
    private @Nullable JsonNode first() {
      return changes.get(0).before();
    }

    /** One of several objects before the request. */
    private @Nullable JsonNode before(JsonNode object) {
      for (JsonNode one : last.before() == null ? Json.array() : ListPage.rowsOf(last.before())) {
        if (one.hasNonNull(ID) && one.get(ID).equals(object.get(ID))) {
          return one;
        }
      }
      return null;
    }

    private ObjectNode of(
        JsonNode shown, @Nullable JsonNode raw, @Nullable JsonNode before, boolean alone) {
      ObjectNode answer;
      if (operation.effect() == Effect.CREATE) {
        answer = created(shown);
      } else if (isDeleted(shown)) {
        answer = deleted(shown, before);
      } else {
        answer = changed(shown, raw, before, alone);
      }
      addSecrets(shown, answer);
      return alone ? told(answer) : answer;
    }

    private ObjectNode created(JsonNode object) {
      ObjectNode created = Json.object();
      for (Map.Entry<String, JsonNode> column : row(object).properties()) {
        String name = column.getKey();
        boolean isNews =
            NAMES.contains(name)
                || !(TIMES.contains(name) || isGiven(name, column.getValue(), object));
        if (isNews) {
          created.set(name, column.getValue());
        }
      }
      return created;
    }

    private boolean isGiven(String name, JsonNode shown, JsonNode object) {
      return context.isGiven(name, shown) || context.isGiven(name, object.path(name));
    }

    /**
     * Whether the object no longer exists. Clerk answers the removal of a member with the member.
     */
    private boolean isDeleted(JsonNode object) {
      UndoneBy undoneBy = operation.undoneBy();
      return object.path("deleted").asBoolean()
          || (last.endpoint().method().equals("DELETE")
              && undoneBy != null
              && undoneBy.how() == UndoMethod.RECREATION);
    }

    private ObjectNode deleted(JsonNode object, @Nullable JsonNode before) {
      ObjectNode deleted = names(before instanceof ObjectNode known ? mask.apply(known) : object);
      if (object.has(ID) && !deleted.has(ID) && !deleted.has(USER_ID)) {
        deleted.set(ID, object.get(ID));
      }
      deleted.put("deleted", true);
      addContents(before, deleted);
      return deleted;
    }

    private ObjectNode changed(
        JsonNode object, @Nullable JsonNode raw, @Nullable JsonNode before, boolean alone) {
      ChangedFields fields = new ChangedFields(context.options().includePrivate(), mask);
      boolean isSame = isSame(before, raw);
      if (isSame && before instanceof ObjectNode former && raw instanceof ObjectNode now) {
        fields.compare(former, now, ChangedFields.asked(changes));
      }
      for (Change change : alone ? changes : List.<Change>of()) {
        OperationFacts of = facts.get().get(change.endpoint().route());
        if (of != null) {
          fields.addGiven(of, change, isSame && raw != null ? raw : Json.object());
        }
      }
      ArrayNode rows = fields.rows();
      boolean isAsked = !operation.sets().isEmpty() || !ChangedFields.asked(changes).isEmpty();
      // Without a field to change, as in a check or a rotation, the object itself is the answer.
      ObjectNode changed = isAsked && (isSame || before == null) ? names(object) : row(object);
      if (!isSame && before instanceof ObjectNode known) {
        addOwner(mask.apply(known), changed);
      }
      if (isAsked || !rows.isEmpty()) {
        changed.set(CHANGED, rows);
      }
      if (alone && !fields.ignored().isEmpty()) {
        context.invocation().note(IGNORED.formatted(String.join(", ", fields.ignored())));
      } else if (alone && isAsked && rows.isEmpty() && (isSame || isAlreadySo(before))) {
        context.invocation().note(NOTHING);
      }
      return changed;
    }

    /** Adds whose object was changed, if Clerk answered with another one, or with none. */
    private void addOwner(JsonNode owner, ObjectNode changed) {
      ObjectNode names = names(owner);
      if (has(Dependent.OTHER_EMAIL_ADDRESSES)) {
        names.remove("email"); // it is another one now
      }
      String kind = owner.path(OBJECT).asText();
      if (kind.equals(ClerkUser.OBJECT)) {
        changed.remove(USER_ID);
      }
      boolean isInstance = last.endpoint().variables().isEmpty(); // of which each call is
      if (!names.isEmpty() && !kind.isEmpty() && !isInstance) {
        changed.set(kind, names);
      }
    }

    private boolean isAlreadySo(@Nullable JsonNode before) {
      return before != null && operation.isAlreadySet(before);
    }

    /** Whether Clerk answered with the object that was read before. */
    private static boolean isSame(@Nullable JsonNode before, @Nullable JsonNode after) {
      return before instanceof ObjectNode
          && after != null
          && after.isObject()
          && JsonDiff.same(before.path(OBJECT), after.path(OBJECT))
          && JsonDiff.same(before.path(ID), after.path(ID))
          && (after.has(OBJECT) || after.has(ID));
    }

    /** Adds what the last request did besides. */
    private ObjectNode told(ObjectNode answer) {
      JsonNode before = last.before() == null ? Json.object() : last.before();
      JsonNode sessions = before.path(FormerState.ACTIVE_SESSIONS);
      if (sessions.isIntegralNumber()) {
        answer.set("sessions_ended", sessions);
      }
      JsonNode primary = before.path(FormerState.FORMER_PRIMARY);
      if (primary.isTextual() && last.body().path("primary").asBoolean()) {
        answer.set(
            FormerState.FORMER_PRIMARY,
            mask.apply(Json.object().set(FormerState.FORMER_PRIMARY, primary))
                .path(FormerState.FORMER_PRIMARY));
      }
      if (has(Dependent.OTHER_EMAIL_ADDRESSES)) {
        addRemoved(before, Identifier.EMAIL_ADDRESS, answer);
      } else if (has(Dependent.OTHER_PHONE_NUMBERS)) {
        addRemoved(before, Identifier.PHONE_NUMBER, answer);
      }
      long messages =
          operation.entries(last.arguments()).stream().filter(operation::sendsMessage).count();
      if (messages > 0) {
        answer.put("messages_sent", messages);
      }
      return answer;
    }

    private boolean has(Dependent dependent) {
      return operation.loses() != null && List.of(operation.loses().also()).contains(dependent);
    }

    /** Adds the addresses or numbers that another one replaced. */
    private void addRemoved(JsonNode user, Identifier kind, ObjectNode answer) {
      String kept = last.arguments().path(kind.field()).asText();
      List<Contact> shown = new ClerkUser(mask.apply(user)).contacts(kind);
      List<Contact> contacts = new ClerkUser(user).contacts(kind);
      List<String> removed = new ArrayList<>();
      for (int i = 0; i < contacts.size(); i++) {
        if (!kind.same(contacts.get(i).value(), kept)) {
          removed.add(shown.get(i).value());
        }
      }
      removed.forEach(answer.putArray("removed_" + kind.userField())::add);
    }

    /** Adds how many objects of each list were deleted with the object. */
    private void addContents(@Nullable JsonNode before, ObjectNode answer) {
      UndoneBy undoneBy = operation.undoneBy();
      ObjectNode contents = Json.object();
      for (String list : undoneBy == null || before == null ? new String[0] : undoneBy.contents()) {
        JsonNode rows = before.path(list);
        if (rows.size() >= FormerState.MAX_ROWS) {
          contents.put(list, "%s or more".formatted(rows.size()));
        } else if (!rows.isEmpty()) {
          contents.put(list, rows.size());
        }
      }
      if (!contents.isEmpty()) {
        answer.set("deleted_with_it", contents);
      }
    }

    /** Adds the credentials that Clerk shows only once, or their fingerprints. */
    private void addSecrets(JsonNode object, ObjectNode answer) {
      Secret secret = operation.secret();
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
