package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Map;

/**
 * Restores the email addresses or phone numbers of a user that were replaced by a single one, and
 * which of them was primary.
 */
final class RestoreContacts {
  /** The argument that makes a contact the primary one of its kind. */
  static final String PRIMARY = "primary";

  private static final List<Identifier> CONTACTS =
      List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER, Identifier.WEB3_WALLET);

  private final ToolLookup tools;
  private final Map<String, OperationFacts> facts;

  RestoreContacts(ToolLookup tools, Map<String, OperationFacts> facts) {
    this.tools = tools;
    this.facts = facts;
  }

  void restore(OperationFacts operation, Change change, UndoPlan.Draft draft) {
    String name = change.lastSegment();
    Endpoint creation = operation.inverse();
    String collection = creation.segments().get(0);
    ToolDefinition replace = tools.findSender(change);
    ToolDefinition add = tools.get(creation);
    if (change.before() == null || !change.before().has(collection) || replace == null) {
      draft.lose("It is not recorded which %s the user had.".formatted(collection));
      return;
    }
    List<Contact> former = CurrentValue.contacts(name, change.before());
    if (former.isEmpty()) {
      deleteNew(creation, change, draft);
      return;
    }
    Contact primary = former.get(0);
    if (!primary.value().equals(change.arguments().path(name).asText())) {
      ObjectNode arguments = change.address();
      arguments.put(name, primary.value());
      arguments.put("identification_status", primary.isVerified() ? "verified" : "unverified");
      draft.call(replace.name(), arguments, "Makes the former primary one the only one.");
    }
    for (Contact contact : former.subList(1, former.size())) {
      draft.call(add.name(), addition(add, contact.json(), change), "Adds another former one.");
    }
    draft.lose(
        "Gone for good: their IDs, how they had been verified, and their links to other accounts.");
    if (primary.isSecondFactor()) {
      draft.lose(
          "The primary number was a second factor, and is none when it is there again;"
              + " clerk_phone_number_update makes it one.");
    }
  }

  /**
   * Makes the contact primary that was primary before a change made another one so.
   *
   * @param path the path of one contact of the kind
   */
  static void restorePrimary(String path, ToolLookup tools, Change change, UndoPlan.Draft draft) {
    if (!change.arguments().path(PRIMARY).asBoolean()) {
      return;
    }
    JsonNode before = change.before() == null ? Json.object() : change.before();
    JsonNode former = before.path(FormerState.PRIMARY_ID);
    if (former.isMissingNode()) {
      draft.lose("It is not recorded which one was primary before.");
    } else if (former.isNull() && before.has("id")) {
      draft.lose("There was no primary one before, and Clerk cannot be told to have none.");
    } else if (former.isTextual() && !former.equals(before.get("id"))) {
      makePrimary(Endpoint.parse("PATCH " + path), former, tools, draft);
    }
  }

  /**
   * A deleted user without the contacts that the user had not proven: one that Clerk creates with a
   * user is verified or reserved, and would name the user from then on.
   */
  static ObjectNode onlyProven(ObjectNode user) {
    ObjectNode proven = user.deepCopy();
    for (Identifier kind : CONTACTS) {
      if (proven.path(kind.userField()) instanceof ArrayNode contacts) {
        contacts.removeIf(contact -> !ClerkUser.isProven(contact));
      }
    }
    return proven;
  }

  /** Adds the unproven contacts of a deleted user, unverified as they were. */
  static void addUnproven(ObjectNode user, ToolLookup tools, UndoPlan.Draft draft) {
    ClerkUser former = new ClerkUser(user);
    for (Identifier kind : CONTACTS) {
      for (Contact contact : former.contacts(kind)) {
        if (contact.isProven()) {
          continue;
        }
        if (kind == Identifier.WEB3_WALLET) {
          draft.lose("A wallet that the user had not verified; Clerk adds only verified ones.");
          continue;
        }
        ObjectNode arguments = Json.object().put("user_id", former.id());
        arguments.put(kind.field(), contact.value()).put("verified", false);
        if (contact.isPrimary()) {
          arguments.put(PRIMARY, true);
        }
        draft.call(
            tools.get(Endpoint.parse("POST /" + kind.userField())).name(),
            arguments,
            "Adds one that the user had not verified.");
      }
    }
  }

  private static void makePrimary(
      Endpoint update, JsonNode id, ToolLookup tools, UndoPlan.Draft draft) {
    UndoPlan.Step recreation = draft.findRecreation(id.asText());
    if (recreation != null) {
      recreation.arguments().put(PRIMARY, true);
      return;
    }
    ObjectNode arguments = Json.object();
    arguments.set(update.variables().get(0), id);
    draft.call(
        tools.get(update).name(),
        arguments.put(PRIMARY, true),
        "Makes the former primary one primary again.");
  }

  private static ObjectNode addition(ToolDefinition tool, JsonNode contact, Change change) {
    ObjectNode addition = Json.object();
    for (String argument : tool.argumentNames()) {
      JsonNode address = change.address().get(argument);
      JsonNode value = address == null ? CurrentValue.find(argument, contact) : address;
      JsonNode converted =
          value == null || value.isNull() ? null : tool.toArgument(argument, value);
      if (converted != null) {
        addition.set(argument, converted);
      }
    }
    return addition;
  }

  private void deleteNew(Endpoint creation, Change change, UndoPlan.Draft draft) {
    OperationFacts created = facts.get(creation.route());
    JsonNode id = change.answer() == null ? null : change.answer().get("id");
    if (created == null || id == null) {
      draft.lose("The ID of the new one was not recorded, so it cannot be deleted.");
      return;
    }
    Endpoint deletion = created.inverse();
    ObjectNode arguments = Json.object();
    arguments.set(deletion.variables().get(0), id);
    draft.call(
        tools.get(deletion).name(), arguments, "Deletes the new one; the user had none before.");
  }
}
