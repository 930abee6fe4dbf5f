package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.text.QuotedText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes in one line what an operation affects, for the person who confirms it. */
final class TargetDescriber {
  private static final List<String> NAMES =
      List.of("/name", "/directory_group_display_name", "/plan/name");

  private static final List<String> PLAIN_NAMES =
      List.of("identifier", "email_address", "phone_number", "web3_wallet", "url", "provider");

  private final Endpoint endpoint;
  private final ObjectNode arguments;
  private final ChangedObject found;
  private final AffectedEntities affected;

  /** The IDs and addresses that are already in the line. */
  private final Set<String> named = new HashSet<>();

  TargetDescriber(
      Endpoint endpoint, ObjectNode arguments, ChangedObject found, AffectedEntities affected) {
    this.endpoint = endpoint;
    this.arguments = arguments;
    this.found = found;
    this.affected = affected;
  }

  /** Whether an operation is about the whole instance and not about one object. */
  static boolean isWholeInstance(Endpoint endpoint) {
    boolean creates = endpoint.method().equals("POST");
    boolean settings = endpoint.segments().get(0).equals("instance");
    return endpoint.variables().isEmpty() && (settings || !creates);
  }

  /** The description of an operation on the whole instance. */
  static String wholeInstance(String environment) {
    return "the whole instance"
        + (environment.isEmpty() ? "" : " (" + QuotedText.plain(environment) + ")");
  }

  /** The description of what an operation created, by its arguments and Clerk's answer alone. */
  static String created(Endpoint endpoint, ObjectNode arguments, JsonNode answer) {
    String path = endpoint.path();
    boolean bulk = path.endsWith("/bulk");
    List<String> names = new ArrayList<>();
    for (JsonNode row : bulk ? ListPage.rowsOf(answer) : Json.array().add(answer)) {
      String name = nameOf(row);
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    String kind =
        bulk
            ? "new " + ResourceNames.all(path.substring(0, path.length() - "/bulk".length()))
            : "new " + ResourceNames.one(path);
    Set<String> owners = new LinkedHashSet<>(endpoint.variables());
    owners.add("user_id");
    owners.removeIf(owner -> !arguments.path(owner).isTextual());
    String of =
        String.join(
            ", ",
            owners.stream()
                .map(owner -> QuotedText.plain(arguments.path(owner).asText()))
                .toList());
    return kind
        + (names.isEmpty() ? "" : " " + QuotedText.first(names))
        + (of.isEmpty() ? "" : " for " + of);
  }

  /** The description of an operation by the IDs in its arguments, so that it tells nothing else. */
  static String unread(Endpoint endpoint, ObjectNode arguments) {
    JsonNode ids = arguments.path("user_ids");
    if (ids.isArray()) {
      List<String> named =
          ids.valueStream().map(id -> QuotedText.plain(id.asText())).distinct().toList();
      return (named.size() == 1 ? "user " : "users ") + String.join(", ", named);
    }
    if (endpoint.variables().isEmpty()) {
      return created(endpoint, arguments, Json.object());
    }
    List<String> parts = new ArrayList<>();
    String path = endpoint.path();
    for (int end = path.lastIndexOf('}'); end > 0; end = path.lastIndexOf('}', end - 1)) {
      String part = path.substring(0, end + 1);
      String value = arguments.path(variable(part)).asText("");
      parts.add(ResourceNames.one(part) + " " + QuotedText.plain(value));
    }
    JsonNode user = endpoint.variables().contains("user_id") ? null : arguments.get("user_id");
    return String.join(" of ", parts)
        + (user == null ? "" : " with user " + QuotedText.plain(user.asText()));
  }

  private static String nameOf(JsonNode object) {
    ClerkUser user = new ClerkUser(object);
    String member = object.at("/public_user_data/identifier").asText("");
    String organization = object.at("/organization/name").asText("");
    List<String> parts = new ArrayList<>();
    for (String name : List.of(object.path("name").asText(""), user.name(), organization)) {
      if (!name.isBlank()) {
        parts.add(QuotedText.name(name));
      }
    }
    for (String name : List.of(user.mainValue(Identifier.EMAIL_ADDRESS), member)) {
      if (!name.isBlank()) {
        parts.add(QuotedText.plain(name));
      }
    }
    for (String field : PLAIN_NAMES) {
      if (object.path(field).isTextual()) {
        parts.add(QuotedText.plain(object.path(field).asText()));
      }
    }
    return (String.join(", ", parts) + id(object)).strip();
  }

  /** The description of the target. */
  String text() {
    if (arguments.path("user_ids").isArray()) {
      return users();
    }
    JsonNode state = found.state();
    if (state != null) {
      return part(state) + object(state) + others(" with ");
    }
    if (!endpoint.variables().isEmpty()) {
      String unknown = found.missing() ? ", which Clerk does not know" : "";
      String path = found.path().substring(0, found.path().lastIndexOf('}') + 1);
      String named =
          RequestPreview.isPlaceholder(arguments.path(variable(path)).asText())
              ? "the new " + ResourceNames.one(path)
              : ResourceNames.one(path) + " " + value(path);
      return named + unknown + others(" with ");
    }
    return created() + others(" for ");
  }

  private String users() {
    List<JsonNode> users = affected.users();
    Set<String> ids = new HashSet<>();
    arguments.path("user_ids").forEach(id -> ids.add(id.asText()));
    int unknown = ids.size() - users.size();
    String text = users.size() + (users.size() == 1 ? " user" : " users");
    // A plan and a question list all of many users, in lines of their own.
    boolean listed = users.isEmpty() || users.size() > QuotedText.MAX_LISTED;
    return text
        + (listed ? "" : ": " + String.join(", ", users.stream().map(this::named).toList()))
        + (unknown <= 0 ? "" : ", and " + unknown + " that Clerk does not know");
  }

  /** The part of the object that the path names, if any: {@code passkey "Laptop" (idn_1) of }. */
  private String part(JsonNode state) {
    String path = endpoint.path();
    int end = path.lastIndexOf('}') + 1;
    if (end <= found.path().length()) {
      return "";
    }
    String inner = path.substring(0, end);
    String id = arguments.path(endpoint.variables().get(endpoint.variables().size() - 1)).asText();
    String label = "";
    for (JsonNode item : state.path(ResourceNames.collection(inner))) {
      label = item.path("id").asText().equals(id) ? label(item) : label;
    }
    String value = label.isEmpty() ? value(inner) : "(" + value(inner) + ")";
    return ResourceNames.one(inner) + label + " " + value + " of ";
  }

  private String object(JsonNode state) {
    String id = id(state);
    return switch (state.path("object").asText()) {
      case "user" -> "user " + named(state);
      case "organization" -> organization(state);
      case "organization_membership" ->
          member(state) + " as " + QuotedText.plain(state.path("role").asText("")) + owners(" of ");
      case "session" -> "session" + owners(" of ") + lastActive(state) + id;
      case "invitation" -> "invitation to " + address(state) + id;
      case "organization_invitation" ->
          "invitation to "
              + address(state)
              + id
              + " as "
              + QuotedText.plain(state.path("role").asText(""))
              + owners(" of ");
      case "waitlist_entry" -> "waitlist entry of " + address(state) + id;
      default ->
          found.path().endsWith("}")
              ? ResourceNames.one(found.path()) + label(state) + id + owners(" of ")
              : ResourceNames.all(found.path()) + " of " + parent();
    };
  }

  /** The object that a list belongs to, by ID. */
  private String parent() {
    String parent = found.path().substring(0, found.path().lastIndexOf('/'));
    return ResourceNames.one(parent) + " " + value(parent);
  }

  private String named(JsonNode user) {
    named.add(user.path("id").asText());
    Contact contact = findContact(new ClerkUser(user));
    if (contact != null) {
      named.add(contact.value());
    }
    return person(user);
  }

  /** A user's name, verified address or number, and ID; marks unverified addresses and bans. */
  static String person(JsonNode user) {
    ClerkUser clerkUser = new ClerkUser(user);
    String name = clerkUser.name().isEmpty() ? user.path("username").asText("") : clerkUser.name();
    Contact contact = findContact(clerkUser);
    List<String> parts = new ArrayList<>();
    if (!name.isBlank()) {
      parts.add(QuotedText.name(name));
    }
    if (contact != null) {
      String mark = contact.isProven() ? "" : " (unverified)";
      parts.add(QuotedText.plain(contact.value()) + mark);
    }
    if (clerkUser.is(Flag.BANNED)) {
      parts.add(Flag.BANNED.word());
    }
    return (String.join(", ", parts) + id(user)).strip();
  }

  /** The main email address or phone number, preferably a verified one; null if there is none. */
  private static @Nullable Contact findContact(ClerkUser user) {
    List<Contact> contacts = new ArrayList<>(user.contacts(Identifier.EMAIL_ADDRESS));
    contacts.addAll(user.contacts(Identifier.PHONE_NUMBER));
    contacts.removeIf(contact -> contact.value().isEmpty());
    return contacts.stream()
        .filter(Contact::isProven)
        .findFirst()
        .orElse(contacts.isEmpty() ? null : contacts.get(0));
  }

  private String organization(JsonNode organization) {
    named.add(organization.path("id").asText());
    JsonNode members = organization.path("members_count");
    String count =
        members.isIntegralNumber()
            ? ", %s %s".formatted(members.asLong(), members.asLong() == 1 ? "member" : "members")
            : "";
    String name = organization.path("name").asText("");
    String slug = organization.path("slug").asText("");
    return "organization "
        + QuotedText.name(name)
        + (slug.isEmpty() || isSlugOf(slug, name) ? "" : ", slug " + QuotedText.plain(slug))
        + count
        + id(organization);
  }

  /** Whether a slug is the one that Clerk makes from a name, with many digits if it was taken. */
  private static boolean isSlugOf(String slug, String name) {
    String words = name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    String made = words.replaceAll("^-|-$", "");
    return slug.equals(made) || slug.matches(Pattern.quote(made) + "-\\d{6,}");
  }

  private String member(JsonNode membership) {
    String id = membership.at("/public_user_data/user_id").asText("");
    for (JsonNode user : affected.users()) {
      if (user.path("id").asText().equals(id)) {
        return named(user);
      }
    }
    named.add(id);
    return "user " + QuotedText.plain(id);
  }

  private String address(JsonNode object) {
    String address = object.path("email_address").asText("");
    named.add(address);
    return QuotedText.plain(address);
  }

  private static String lastActive(JsonNode session) {
    JsonNode time = session.path("last_active_at");
    return time.isIntegralNumber()
        ? ", last active "
            + Instant.ofEpochMilli(time.asLong()).atOffset(ZoneOffset.UTC).toLocalDate()
        : "";
  }

  /** The owners of the object that are not in the line yet. */
  private String owners(String before) {
    List<String> owners = new ArrayList<>();
    for (JsonNode user : unnamed(affected.users())) {
      if (affected.isOwner(user)) {
        owners.add(named(user));
      }
    }
    for (JsonNode organization : unnamed(affected.organizations())) {
      if (affected.isOwner(organization)) {
        owners.add(organization(organization));
      }
    }
    return owners.isEmpty() ? "" : before + QuotedText.first(owners);
  }

  /** The users, organizations and addresses that are not in the line yet. */
  private String others(String before) {
    List<String> others = new ArrayList<>();
    List<String> actors = new ArrayList<>();
    for (JsonNode user : unnamed(affected.users())) {
      String act = affected.actors().get(user.path("id").asText());
      String text = "user " + named(user);
      if (act == null) {
        others.add(text);
      } else {
        actors.add(", " + act + " " + text);
      }
    }
    unnamed(affected.organizations()).forEach(other -> others.add(organization(other)));
    for (String address : affected.addresses()) {
      if (named.add(address)) {
        others.add(QuotedText.plain(address));
      }
    }
    return (others.isEmpty() ? "" : before + QuotedText.first(others))
        + String.join("", actors.subList(0, Math.min(actors.size(), QuotedText.MAX_LISTED)));
  }

  private List<JsonNode> unnamed(List<JsonNode> objects) {
    return objects.stream().filter(object -> !named.contains(object.path("id").asText())).toList();
  }

  private String created() {
    String path = endpoint.path();
    boolean bulk = path.endsWith("/bulk");
    if (!bulk) {
      boolean address = path.equals("/email_addresses");
      JsonNode naming = address ? arguments : arguments.deepCopy().without("email_address");
      return "new " + ResourceNames.one(path) + label(naming);
    }
    int count = 0;
    for (JsonNode argument : arguments) {
      count = argument.isArray() ? argument.size() : count;
    }
    String list = path.substring(0, path.length() - "/bulk".length());
    return count + " new " + (count == 1 ? ResourceNames.one(list) : ResourceNames.all(list));
  }

  /** The name of an object that is not a person, after a space; empty if it has none. */
  private String label(JsonNode object) {
    for (String pointer : NAMES) {
      if (!object.at(pointer).asText("").isBlank()) {
        // Of a role and a permission, the key decides what it is, and the name may say anything.
        String key = object.path("key").asText("");
        return " "
            + QuotedText.name(object.at(pointer).asText())
            + (key.isEmpty() ? "" : ", " + QuotedText.plain(key));
      }
    }
    for (String field : PLAIN_NAMES) {
      if (object.path(field).isTextual()) {
        named.add(object.path(field).asText());
        return " " + QuotedText.plain(object.path(field).asText());
      }
    }
    return "";
  }

  private static String id(JsonNode object) {
    String id = object.path("id").asText("");
    return id.isEmpty() ? "" : " (" + QuotedText.plain(id) + ")";
  }

  /** The value of the last variable of a path. */
  private String value(String path) {
    return QuotedText.plain(arguments.path(variable(path)).asText(""));
  }

  private static String variable(String path) {
    return path.substring(path.lastIndexOf('{') + 1, path.lastIndexOf('}'));
  }

  /** Names the resources in Clerk's paths in plain words. */
  private static final class ResourceNames {
    /** Collections whose name does not describe one of their objects. */
    private static final Map<String, String> KINDS =
        Map.of(
            "sign_in_tokens", "sign-in token",
            "sign_ups", "sign-up",
            "svix", "Svix app",
            "svix_url", "link to the Svix dashboard",
            "tasks", "agent task");

    private static final Map<String, String> SPELLINGS =
        Map.of(
            "api", "API",
            "jwt", "JWT",
            "m2m", "M2M",
            "oauth", "OAuth",
            "saml", "SAML",
            "scim", "SCIM",
            "url", "URL");

    private ResourceNames() {}

    /** The name of one object in the last collection of a path: {@code JWT template}. */
    static String one(String path) {
      String collection = collection(path);
      String known = KINDS.get(collection);
      return known == null
          ? words(collection.replaceFirst("ies$", "y").replaceFirst("(?<=ss)es$|(?<![sx])s$", ""))
          : known;
    }

    /** The name of the last collection of a path: {@code JWT templates}. */
    static String all(String path) {
      return words(collection(path));
    }

    /** The last collection of a path. */
    static String collection(String path) {
      String before = path.replaceFirst("(/\\{[^/]*})*$", "");
      return before.substring(before.lastIndexOf('/') + 1);
    }

    private static String words(String part) {
      List<String> words = new ArrayList<>();
      for (String word : part.split("_", -1)) {
        words.add(SPELLINGS.getOrDefault(word, word));
      }
      return String.join(" ", words);
    }
  }
}
