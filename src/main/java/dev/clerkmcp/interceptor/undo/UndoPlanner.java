package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.UndoMethod;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the calls that undo a change, from the facts of its operation and what was recorded of the
 * change. It sends no request, so changes made since then are not considered.
 */
public final class UndoPlanner {
  private static final String IDS = "user_ids";

  private final Map<String, OperationFacts> facts;
  private final ToolLookup tools;
  private final RestoreContacts contacts;
  private final RestoreFields fields;
  private final UndoCreate creation;
  private final UndoDelete deletion;

  /**
   * Plans with the given tools.
   *
   * @param facts the facts of every operation, by route
   */
  public UndoPlanner(Collection<ToolDefinition> tools, Map<String, OperationFacts> facts) {
    this.facts = facts;
    this.tools = new ToolLookup(tools);
    contacts = new RestoreContacts(this.tools, facts);
    fields = new RestoreFields(this.tools);
    creation = new UndoCreate(this.tools);
    deletion = new UndoDelete(this.tools);
  }

  /** The calls that undo a change, the last request first, and what they do not bring back. */
  public UndoPlan of(List<Change> requests) {
    UndoPlan.Draft draft = new UndoPlan.Draft();
    Set<String> removed = new HashSet<>();
    requests.forEach(request -> addRemoved(request, removed));
    for (int i = requests.size() - 1; i >= 0; i--) {
      Change request = requests.get(i);
      OperationFacts operation = facts.get(request.endpoint().route());
      boolean goesAlong =
          request.address().valueStream().anyMatch(id -> removed.contains(id.asText()));
      if (operation != null && goesAlong) {
        creation.warnOfMessages(operation, request, draft);
      } else {
        undo(operation, request, draft);
      }
    }
    return draft.done();
  }

  /**
   * Adds the ID of the object that a request created, if its removal removes what later requests
   * added to it.
   */
  private void addRemoved(Change request, Set<String> removed) {
    OperationFacts operation = facts.get(request.endpoint().route());
    JsonNode id = request.answer() == null ? null : request.answer().get("id");
    if (id != null
        && operation != null
        && operation.undoneBy() != null
        && operation.undoneBy().how() == UndoMethod.REMOVAL_WITH_CONTENTS) {
      removed.add(id.asText());
    }
  }

  /** Whether requests only created something, so that nothing is lost by them. */
  boolean onlyCreated(List<Change> requests) {
    return requests.stream()
        .map(request -> facts.get(request.endpoint().route()))
        .allMatch(operation -> operation != null && operation.effect() == Effect.CREATE);
  }

  /** The fields that a request changed, as {@link FieldChanges#whole} has them. */
  ArrayNode fields(Change request) {
    OperationFacts operation = facts.get(request.endpoint().route());
    return operation == null
        ? Json.array()
        : FieldChanges.whole(operation, request.arguments(), request.before());
  }

  /**
   * What requests would lose for good, in sentences: first whether they can be undone at all. Empty
   * if undo restores everything.
   */
  public List<String> losses(List<Change> requests) {
    UndoPlan plan = of(requests);
    List<String> losses = new ArrayList<>();
    if (!plan.lost().isEmpty()) {
      losses.add(
          plan.calls().isEmpty() ? "This cannot be undone." : "This cannot be undone completely.");
      losses.addAll(plan.lost());
    }
    return losses;
  }

  private void undo(@Nullable OperationFacts operation, Change change, UndoPlan.Draft draft) {
    if (operation != null && operation.notUndone() != null) {
      if (!changedNothing(operation, change)) {
        draft.lose(operation.notUndone().value());
      }
    } else if (operation != null && operation.undoneBy() != null) {
      undo(operation, operation.undoneBy(), change, draft);
    } else {
      // An audit log may be older than this server.
      draft.lose("No undo is known for %s.".formatted(change.endpoint().route()));
    }
  }

  private void undo(
      OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    UndoMethod how = undoneBy.how();
    // An image that replaced another is a change, although has_image stays true.
    if (how != UndoMethod.FIRST_IMAGE_REMOVAL && changedNothing(operation, change)) {
      return;
    }
    switch (how) {
      case INVERSE -> callInverse(operation, change, draft);
      case REMOVAL, REMOVAL_WITH_CONTENTS -> creation.restore(operation, undoneBy, change, draft);
      case RECREATION, RECONNECTION -> deletion.restore(operation, undoneBy, change, draft);
      case PREVIOUS_VALUES -> fields.restore(operation, undoneBy, change, draft);
      case PREVIOUS_CONTACTS -> contacts.restore(operation, change, draft);
      case PREVIOUS_TEMPLATE -> fields.restoreTemplate(operation, change, draft);
      case FIRST_IMAGE_REMOVAL -> removeFirstImage(operation, undoneBy, change, draft);
    }
  }

  private static boolean changedNothing(OperationFacts operation, Change change) {
    return change.before() != null && operation.isAlreadySet(change.before());
  }

  private void callInverse(OperationFacts operation, Change change, UndoPlan.Draft draft) {
    Endpoint inverse = operation.inverse();
    ToolDefinition tool = tools.get(inverse);
    ObjectNode arguments = ToolLookup.address(inverse, change);
    if (!isRecorded(operation, change.before())) {
      draft.lose("It is not recorded whether it was so already; undo sets the opposite.");
    }
    if (tool.argumentNames().contains(IDS)) {
      arguments.set(IDS, changedUsers(operation, change));
      if (arguments.path(IDS).isEmpty()) {
        return;
      }
    }
    draft.call(tool.name(), arguments, "Reverses %s.".formatted(change.lastSegment()));
    loseSessions(operation, change, draft);
  }

  /** Whether the state before a change has the values that the operation sets. */
  private static boolean isRecorded(OperationFacts operation, @Nullable JsonNode before) {
    return before != null
        && !operation.sets().isEmpty()
        && (before.isArray() || operation.sets().keySet().stream().allMatch(before::has));
  }

  /** Reports ended sessions as lost, unless it is recorded that there were none. */
  static void loseSessions(OperationFacts operation, Change change, UndoPlan.Draft draft) {
    Long ended = FormerState.findEndedSessions(change.before());
    if (operation.endsSessions(change.body()) && (ended == null || ended > 0)) {
      draft.lose("An ended session cannot be resumed; the person has to sign in again.");
    }
  }

  /** The users that the operation changed; the other users already had the values that it sets. */
  private static ArrayNode changedUsers(OperationFacts operation, Change change) {
    Map<String, JsonNode> before = new HashMap<>();
    JsonNode users = change.before() == null ? Json.array() : change.before();
    for (JsonNode user : ListPage.rowsOf(users)) {
      before.put(user.path("id").asText(), user);
    }
    ArrayNode changed = Json.array();
    for (JsonNode id : change.body().path(IDS)) {
      JsonNode user = before.get(id.asText());
      boolean isListed = changed.valueStream().anyMatch(id::equals);
      if (!isListed && (user == null || !operation.isAlreadySet(user))) {
        changed.add(id);
      }
    }
    return changed;
  }

  private void removeFirstImage(
      OperationFacts operation, UndoneBy undoneBy, Change change, UndoPlan.Draft draft) {
    JsonNode before = change.before();
    if (before != null && before.path("has_image").equals(BooleanNode.FALSE)) {
      creation.restore(operation, undoneBy, change, draft);
    } else {
      draft.lose(
          "Clerk does not give back an image; the former one must be uploaded from its file.");
    }
  }
}
