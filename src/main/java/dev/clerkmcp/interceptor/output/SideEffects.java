package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.Dependent;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a request did besides what it was asked for: ended sessions, addresses that another
 * one replaced, what was deleted with an object, and messages that were sent. What was not recorded
 * before the request is not told.
 */
final class SideEffects {
  private static final String TELL_FORMER = "notify_primary_email_address_changed";
  private static final String PRIMARY_ID = "primary_email_address_id";

  private final UnaryOperator<JsonNode> mask;

  /**
   * Prepares to tell.
   *
   * @param mask masks personal data, if it is masked in answers
   */
  SideEffects(UnaryOperator<JsonNode> mask) {
    this.mask = mask;
  }

  /** Adds the side effects of a request to an answer. */
  void add(ChangeAnswer.Made made, ObjectNode answer) {
    Change change = made.change();
    OperationFacts operation = made.operation();
    JsonNode before = change.before() == null ? Json.object() : change.before();
    addContents(operation.undoneBy(), before, answer);
    addSessions(before, answer);
    addFormerPrimary(change, before, answer);
    for (String field : List.of(FormerState.FORMER_INITIAL, FormerState.MOVED_ORGANIZATIONS)) {
      if (before.has(field)) {
        answer.set(field, before.get(field));
      }
    }
    if (replacesEmail(operation)) {
      addRemoved(change, before, Identifier.EMAIL_ADDRESS, answer);
    } else if (has(operation, Dependent.OTHER_PHONE_NUMBERS)) {
      addRemoved(change, before, Identifier.PHONE_NUMBER, answer);
    }
    addMessages(operation, change, answer);
  }

  /** Whether the given email address replaces all others of the user. */
  boolean replacesEmail(OperationFacts operation) {
    return has(operation, Dependent.OTHER_EMAIL_ADDRESSES);
  }

  private static boolean has(OperationFacts operation, Dependent dependent) {
    return operation.loses() != null && List.of(operation.loses().also()).contains(dependent);
  }

  /** Adds how many objects of each list were deleted with the object. */
  private static void addContents(@Nullable UndoneBy undoneBy, JsonNode before, ObjectNode answer) {
    ObjectNode contents = Json.object();
    for (String list : undoneBy == null ? new String[0] : undoneBy.contents()) {
      int rows = before.path(list).size();
      if (rows >= FormerState.MAX_ROWS) {
        contents.put(list, "%s or more".formatted(rows));
      } else if (rows > 0) {
        contents.put(list, rows);
      }
    }
    if (!contents.isEmpty()) {
      answer.set("deleted_with_it", contents);
    }
  }

  private static void addSessions(JsonNode before, ObjectNode answer) {
    Long sessions = FormerState.findEndedSessions(before);
    if (sessions != null && !before.isEmpty()) {
      answer.put("sessions_ended", sessions);
    }
  }

  private void addFormerPrimary(Change change, JsonNode before, ObjectNode answer) {
    JsonNode primary = before.path(FormerState.FORMER_PRIMARY);
    if (primary.isTextual() && replacesPrimary(change, before)) {
      ObjectNode field = Json.object().set(FormerState.FORMER_PRIMARY, primary);
      answer.setAll((ObjectNode) mask.apply(field));
    }
  }

  /** Whether a contact became primary in the place of another one. */
  private static boolean replacesPrimary(Change change, JsonNode before) {
    return change.body().path("primary").asBoolean()
        && before.hasNonNull(FormerState.PRIMARY_ID)
        && !before.get(FormerState.PRIMARY_ID).equals(before.get("id"));
  }

  /** Adds the addresses or numbers that another one replaced. */
  private void addRemoved(Change change, JsonNode user, Identifier kind, ObjectNode answer) {
    String kept = change.arguments().path(kind.field()).asText();
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

  private static void addMessages(OperationFacts operation, Change change, ObjectNode answer) {
    long messages =
        operation.entries(change.arguments()).stream().filter(operation::sendsMessage).count();
    if (messages > 0 && (!tellsFormerPrimary(operation) || hadOtherPrimary(change))) {
      answer.put("messages_sent", answer.path("messages_sent").asLong() + messages);
    }
  }

  /** Whether the message goes to the former primary address, if there was another one. */
  private static boolean tellsFormerPrimary(OperationFacts operation) {
    return operation.notifies() != null && operation.notifies().when().startsWith(TELL_FORMER);
  }

  /** Whether another address was primary before; true if that is not recorded. */
  private static boolean hadOtherPrimary(Change change) {
    JsonNode before = change.before();
    boolean isOfContact = change.endpoint().segments().get(0).equals("email_addresses");
    if (before == null) {
      return !isOfContact || change.body().path("primary").asBoolean();
    }
    if (isOfContact) {
      return replacesPrimary(change, before);
    }
    String given = change.arguments().path(Identifier.EMAIL_ADDRESS.field()).asText("");
    Contact primary = new ClerkUser(before).findPrimary(Identifier.EMAIL_ADDRESS);
    JsonNode id = change.arguments().path(PRIMARY_ID);
    return primary != null
        && (given.isEmpty()
            ? id.isTextual() && !id.asText().equals(primary.id())
            : !Identifier.EMAIL_ADDRESS.same(primary.value(), given));
  }
}
