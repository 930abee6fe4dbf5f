package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the users, organizations and email addresses that an operation affects: those that its
 * arguments name, and the owners of the object that it changes.
 */
final class AffectedEntities {
  private static final int MAX_USERS = 50;
  private static final int MAX_ORGANIZATIONS = 10;
  private static final String USER_ID = "user_id";
  private static final String ORGANIZATION_ID = "organization_id";
  private static final String EMAIL_ADDRESS = "email_address";
  private static final String PHONE_NUMBER = "phone_number";

  /** Names of arguments that hold IDs; a text in another argument is not read as an ID. */
  private static final Pattern REFERENCE = Pattern.compile("(.+_)?ids?|subject|sub|created_by");

  /** Arguments with the name of a reference, but with IDs of the customer's own systems. */
  private static final Set<String> FOREIGN_IDS = Set.of("external_id");

  /** Parents that belong to an organization: the field with the ID of the parent, and its path. */
  private static final List<Map.Entry<String, String>> PARENTS =
      List.of(
          Map.entry("directory_id", "/directories/{directory_id}"),
          Map.entry(
              "enterprise_connection_id", "/enterprise_connections/{enterprise_connection_id}"),
          Map.entry("scim_directory_id", "/scim_directories/{scim_directory_id}"));

  /** Arguments that say in whose name something is done, and how they are read. */
  private static final Map<String, String> ACTORS =
      Map.of(
          "created_by", "created by",
          "inviter_user_id", "invited by",
          "requesting_user_id", "requested by",
          "sub", "impersonated by",
          "uploader_user_id", "uploaded by");

  private final EndpointReader reader;
  private final Map<String, JsonNode> known = new HashMap<>();
  private final Set<String> absent = new LinkedHashSet<>();
  private final Set<String> userIds = new LinkedHashSet<>();
  private final Set<String> organizationIds = new LinkedHashSet<>();
  private final Set<String> addresses = new LinkedHashSet<>();
  private final Set<String> owners = new LinkedHashSet<>();
  private final Map<String, String> actors = new LinkedHashMap<>();
  private final Set<String> parents = new LinkedHashSet<>();
  private final List<JsonNode> users;
  private final List<JsonNode> organizations;
  private boolean unclear;

  /**
   * Reads the affected users and organizations from Clerk. If only the parent of the object names
   * its owner, reads the parent as well.
   */
  AffectedEntities(ObjectNode arguments, ChangedObject found, EndpointReader reader) {
    this.reader = reader;
    unclear = found.tooFar();
    if (found.missing() && found.path().equals(EndpointReader.USER)) {
      absent.add(arguments.path(USER_ID).asText());
    }
    if (found.missing() && found.path().equals(EndpointReader.ORGANIZATION)) {
      absent.add(arguments.path(ORGANIZATION_ID).asText());
    }
    JsonNode state = found.state();
    if (state != null) {
      parents.add(state.path("id").asText());
      addState(state);
      addParents(state);
    }
    addArguments(arguments);
    actors.keySet().removeAll(userIds);
    userIds.addAll(actors.keySet());
    addParents(arguments);
    users = readUsers();
    organizations = readOrganizations();
  }

  /** The users, as Clerk returns them. */
  List<JsonNode> users() {
    return users;
  }

  /** The organizations, as Clerk returns them with the number of their members. */
  List<JsonNode> organizations() {
    return organizations;
  }

  /**
   * The users who are only named because the operation is done in their name: by ID, such as {@code
   * invited by}.
   */
  Map<String, String> actors() {
    return Map.copyOf(actors);
  }

  /** Email addresses in the arguments, or in the object that the operation changes. */
  List<String> addresses() {
    return List.copyOf(addresses);
  }

  /** Whether the object that the operation changes belongs to a user or an organization. */
  boolean isOwner(JsonNode userOrOrganization) {
    return owners.contains(userOrOrganization.path("id").asText());
  }

  /** Whether the operation affects a user or an organization that could not be determined. */
  boolean unclear() {
    return unclear;
  }

  private void addState(JsonNode state) {
    String id = state.path("id").asText();
    switch (state.path("object").asText()) {
      case "user" -> addKnown(userIds, id, state);
      case "organization" -> addKnown(organizationIds, id, state);
      case EMAIL_ADDRESS ->
          addContactOwner(id, Identifier.EMAIL_ADDRESS, state.path(EMAIL_ADDRESS));
      case PHONE_NUMBER -> addContactOwner(id, Identifier.PHONE_NUMBER, state.path(PHONE_NUMBER));
      default -> {
        addOwners(state);
        addAddress(state.path(EMAIL_ADDRESS));
        addAddress(state.path("identifier"));
      }
    }
  }

  private void addOwners(JsonNode state) {
    int before = owners.size();
    for (String pointer :
        List.of("/user_id", "/public_user_data/user_id", "/created_user_id", "/payer/user_id")) {
      addOwner(userIds, state.at(pointer).asText(""));
    }
    for (String pointer :
        List.of("/organization_id", "/organization/id", "/payer/organization_id")) {
      addOwner(organizationIds, state.at(pointer).asText(""));
    }
    String subject = state.path("subject").asText("");
    if (isUser(subject)) {
      addOwner(userIds, subject);
    } else if (isOrganization(subject)) {
      addOwner(organizationIds, subject);
    }
    unclear |= state.has("payer_id") && owners.size() == before;
  }

  private void addOwner(Set<String> ids, String id) {
    if (!id.isEmpty()) {
      owners.add(id);
      ids.add(id);
    }
  }

  /** Finds the owner by search, since an email address or phone number object does not name it. */
  private void addContactOwner(String id, Identifier kind, JsonNode contact) {
    int before = owners.size();
    for (JsonNode user : usersWith(kind.field(), contact.asText())) {
      for (Contact own : new ClerkUser(user).contacts(kind)) {
        if (own.id().equals(id)) {
          owners.add(user.path("id").asText());
          addKnown(userIds, user.path("id").asText(), user);
        }
      }
    }
    unclear |= owners.size() == before;
  }

  private void addArguments(ObjectNode arguments) {
    arguments.properties().forEach(argument -> add(argument.getKey(), argument.getValue()));
    JsonNode identifier = arguments.at("/on_behalf_of/identifier");
    if (identifier.isTextual()) {
      addIdentified(identifier.asText());
    }
  }

  private void add(String name, JsonNode value) {
    if (name.endsWith("metadata") || name.equals("claims") || name.equals("request_headers")) {
      return;
    }
    if (value.isArray()) {
      value.forEach(item -> add(name, item));
    } else if (value.isObject()) {
      value.properties().stream()
          .filter(field -> !(name.equals("on_behalf_of") && field.getKey().equals("identifier")))
          .forEach(field -> add(field.getKey(), field.getValue()));
    } else if (name.equals(EMAIL_ADDRESS) || name.equals("identifier")) {
      addAddress(value);
    } else if (value.isTextual()) {
      addReference(name, value.asText());
    }
  }

  private void addReference(String name, String value) {
    boolean reference = REFERENCE.matcher(name).matches() && !FOREIGN_IDS.contains(name);
    String actor = ACTORS.get(name);
    if (actor != null && isUser(value)) {
      actors.put(value, actor);
    } else if (name.equals(USER_ID) || name.equals("user_ids") || (reference && isUser(value))) {
      userIds.add(value);
    } else if (name.equals(ORGANIZATION_ID) || (reference && isOrganization(value))) {
      organizationIds.add(value);
    }
  }

  private static boolean isUser(String id) {
    return id.matches("user_\\w+");
  }

  private static boolean isOrganization(String id) {
    return id.matches("org_\\w+");
  }

  /** Adds an address or a pattern such as {@code *@example.com}, which affects every user there. */
  private void addAddress(JsonNode address) {
    if (EmailAddress.hasAtSign(address.asText())) {
      addresses.add(address.asText());
    }
  }

  /** Adds the user with that email address, phone number or username. */
  private void addIdentified(String identifier) {
    String parameter =
        identifier.contains("@")
            ? EMAIL_ADDRESS
            : identifier.startsWith("+") ? PHONE_NUMBER : "username";
    JsonNode found = usersWith(parameter, identifier);
    found.forEach(user -> addKnown(userIds, user.path("id").asText(), user));
    unclear |= found.isEmpty();
  }

  /** Adds the owners of the parents. Parents are not read if the child names its organization. */
  private void addParents(JsonNode child) {
    for (Map.Entry<String, String> parent : PARENTS) {
      String id = child.path(parent.getKey()).asText("");
      boolean asked =
          id.isEmpty() || child.has(ORGANIZATION_ID) || !reader.canRead(parent.getValue());
      if (asked || !parents.add(id)) {
        continue;
      }
      JsonNode found = reader.findObject(parent.getValue(), child);
      if (found == null) {
        unclear = true;
      } else {
        addOwners(found);
        addParents(found);
      }
    }
  }

  private void addKnown(Set<String> ids, String id, JsonNode userOrOrganization) {
    ids.add(id);
    known.put(id, userOrOrganization);
  }

  private JsonNode usersWith(String parameter, String value) {
    ObjectNode filter = Json.object().put(parameter, value).put("limit", MAX_USERS);
    return EndpointReader.rows(reader.find(EndpointReader.USERS, filter));
  }

  private List<JsonNode> readUsers() {
    List<String> wanted = wanted(userIds, MAX_USERS);
    List<String> unread = wanted.stream().filter(id -> !known.containsKey(id)).toList();
    if (unread.size() == 1) {
      JsonNode user =
          reader.findObject(EndpointReader.USER, Json.object().put(USER_ID, unread.get(0)));
      if (user != null) {
        known.put(unread.get(0), user);
      }
    } else if (!unread.isEmpty()) {
      ObjectNode filter = Json.object().put("limit", MAX_USERS);
      unread.forEach(filter.putArray(USER_ID)::add);
      for (JsonNode user : EndpointReader.rows(reader.find(EndpointReader.USERS, filter))) {
        known.put(user.path("id").asText(), user);
      }
    }
    List<JsonNode> read = new ArrayList<>();
    for (String id : wanted) {
      JsonNode user = known.get(id);
      if (user != null) {
        read.add(user);
      }
    }
    return List.copyOf(read);
  }

  private List<JsonNode> readOrganizations() {
    Map<String, JsonNode> read = new LinkedHashMap<>();
    for (String id : wanted(organizationIds, MAX_ORGANIZATIONS)) {
      JsonNode organization = known.get(id);
      if (organization == null) {
        organization =
            reader.findObject(EndpointReader.ORGANIZATION, Json.object().put(ORGANIZATION_ID, id));
      }
      if (organization != null) {
        // The arguments may name the same organization by ID and by slug.
        read.put(organization.path("id").asText(), organization);
      }
    }
    return List.copyOf(read.values());
  }

  private List<String> wanted(Set<String> ids, int most) {
    List<String> wanted = new ArrayList<>(ids);
    wanted.removeAll(absent);
    unclear |= wanted.size() > most;
    return wanted.subList(0, Math.min(wanted.size(), most));
  }
}
