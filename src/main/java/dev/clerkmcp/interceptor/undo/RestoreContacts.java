package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.List;
import java.util.Map;

/** Gives a user back the email addresses or phone numbers that a single new one has replaced. */
final class RestoreContacts {
  private static final Map<String, String> COLLECTIONS =
      Map.of("email_address", "email_addresses", "phone_number", "phone_numbers");

  private final ToolLookup toolbox;

  RestoreContacts(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  static boolean isReplaced(Change change) {
    return change.endpoint().method().equals("PUT")
        && COLLECTIONS.containsKey(change.lastSegment());
  }

  void restore(Change change, Restoration.Draft draft) {
    String name = change.lastSegment();
    String collection = COLLECTIONS.getOrDefault(name, name);
    ToolDefinition replace = toolbox.findSender(change);
    ToolDefinition add = toolbox.find("POST", List.of(collection));
    if (change.before() == null
        || !change.before().has(collection)
        || replace == null
        || add == null) {
      draft.lose("Nobody has kept which %s the user had.".formatted(collection));
      return;
    }
    List<Contact> former = CurrentValue.contacts(name, change.before());
    if (former.isEmpty()) {
      takeAwayNew(change, collection, draft);
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
      draft.call(
          add.name(), addition(add, contact.json(), change), "Adds one that was there before.");
    }
    draft.lose(
        "Gone for good: their IDs, how they had been verified, and their links to other accounts.");
  }

  private static ObjectNode addition(ToolDefinition tool, JsonNode contact, Change change) {
    ObjectNode addition = Json.object();
    for (String argument : tool.argumentNames()) {
      JsonNode address = change.address().get(argument);
      JsonNode value = address == null ? CurrentValue.find(argument, contact) : address;
      JsonNode adapted = value == null || value.isNull() ? null : tool.adapted(argument, value);
      if (adapted != null) {
        addition.set(argument, adapted);
      }
    }
    return addition;
  }

  private void takeAwayNew(Change change, String collection, Restoration.Draft draft) {
    ToolDefinition delete = toolbox.find("DELETE", List.of(collection, "{id}"));
    JsonNode id = change.answer() == null ? null : change.answer().get("id");
    if (delete == null || delete.endpoint() == null || id == null) {
      draft.lose("Nobody has kept the ID of what was created, so it cannot be named.");
      return;
    }
    ObjectNode arguments = Json.object();
    arguments.set(delete.endpoint().variables().get(0), id);
    draft.call(delete.name(), arguments, "Deletes the new one; there was none before.");
  }
}
