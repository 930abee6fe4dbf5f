package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates again what was deleted, as far as Clerk has told what it was. */
final class UndoDelete {
  /** By the path of the collection, without variables. */
  private static final Map<String, String> GONE_WITH =
      Map.ofEntries(
          Map.entry("api_keys", "its secret; those who use it need the new one."),
          Map.entry(
              "directories", "its API key, and the users and groups that it had provisioned."),
          Map.entry("domains", "its DNS and certificate set-up, which has to be verified again."),
          Map.entry("email_addresses", "its verification and its links to other accounts."),
          Map.entry(
              "enterprise_connections",
              "its client secret and directories, and the accounts that users had through it."),
          Map.entry("invitations", "the former link; the new invitation has another."),
          Map.entry("jwt_templates", "a signing key of its own, if it had one."),
          Map.entry(
              "machines", "its secret key, its tokens, and the scopes that others had to it."),
          Map.entry(
              "oauth_applications",
              "its client ID, client secret and logo, and all that users had granted to it."),
          Map.entry("organization_permissions", "its place in the roles that gave it."),
          Map.entry("organization_roles", "its place in role sets."),
          Map.entry(
              "organizations",
              "its memberships, invitations, domains, logo and billing, which went with it."),
          Map.entry("organizations/domains", "its verification, and whom it had suggested."),
          Map.entry(
              "organizations/invitations", "the former link; the new invitation has another."),
          Map.entry("organizations/memberships", "since when the user was a member."),
          Map.entry("phone_numbers", "its verification and its use as a second factor."),
          Map.entry("saml_connections", "the accounts that users had through it."),
          Map.entry(
              "scim_directories", "its API key, and the users and groups that it had provisioned."),
          Map.entry(
              "users",
              "sessions, memberships, password, second factors, passkeys, connected accounts and"
                  + " image, which went with the user."),
          Map.entry("webhooks/svix", "its endpoints, their secrets and what they were sent."));

  /** Connections of two things: they are all in the path, and nothing hangs on them. */
  private static final Set<String> CONNECTIONS =
      Set.of("machines/scopes", "organization_roles/permissions");

  /** What an instance has at most one of, without properties. */
  private static final Set<String> SINGLE = Set.of("webhooks/svix");

  private final ToolLookup toolbox;

  UndoDelete(ToolLookup toolbox) {
    this.toolbox = toolbox;
  }

  void restore(Change change, Restoration.Draft draft) {
    List<String> segments = change.endpoint().segments();
    List<String> collection = collection(segments);
    boolean deleted = change.endpoint().method().equals("DELETE");
    ToolDefinition tool = deleted ? toolbox.find("POST", segments) : null;
    if (tool == null) {
      tool = toolbox.find("POST", collection);
    }
    String kind =
        collection.stream()
            .filter(segment -> !ToolLookup.isVariable(segment))
            .collect(Collectors.joining("/"));
    boolean isKnown =
        change.findObjectBefore() != null || CONNECTIONS.contains(kind) || SINGLE.contains(kind);
    if (tool == null || !isKnown) {
      draft.lose(
          tool == null
              ? "Clerk has no call that creates one of %s.".formatted(kind)
              : "It cannot be created again: nobody has kept what it was.");
    } else if (addCall(tool, change, draft) && !CONNECTIONS.contains(kind)) {
      draft.warn(
          "It comes back as a new object with another ID; what referred to the old ID does not"
              + " follow.");
    }
    if (GONE_WITH.containsKey(kind)) {
      draft.lose("Gone for good: " + GONE_WITH.get(kind));
    }
  }

  /** What the deleted or revoked thing was one of. */
  private static List<String> collection(List<String> segments) {
    int end = segments.size();
    while (end > 1 && !ToolLookup.isVariable(segments.get(end - 1))) {
      end--;
    }
    return end > 1 ? segments.subList(0, end - 1) : segments;
  }

  private static boolean addCall(ToolDefinition tool, Change change, Restoration.Draft draft) {
    ObjectNode arguments = arguments(tool, change, draft);
    List<String> missing = new ArrayList<>(tool.requiredNames());
    missing.removeIf(arguments::has);
    if (!missing.isEmpty()) {
      draft.lose(
          "It cannot be created again: nobody has kept its %s."
              .formatted(String.join(", ", missing)));
      return false;
    }
    draft.call(tool.name(), withoutFormerNames(arguments), "Creates again what was taken away.");
    if (tool.argumentNames().contains("notify") && !arguments.has("notify")) {
      draft.warn("Creating it again may send a message again.");
    }
    return true;
  }

  private static ObjectNode arguments(ToolDefinition tool, Change change, Restoration.Draft draft) {
    ObjectNode arguments = Json.object();
    for (String name : tool.argumentNames()) {
      JsonNode value = findValue(name, change);
      JsonNode known =
          value == null || value.isNull() ? null : WithoutFingerprints.of(name, value, draft);
      JsonNode adapted = known == null ? null : tool.adapted(name, known);
      boolean says = adapted != null && !(adapted.isContainerNode() && adapted.isEmpty());
      if (adapted != null && (says || tool.requiredNames().contains(name))) {
        arguments.set(name, adapted);
      }
    }
    if (tool.argumentNames().contains("notify") && change.endpoint().method().equals("DELETE")) {
      arguments.put("notify", false);
    }
    if (tool.argumentNames().contains("skip_user_requirement")) {
      addLeave(arguments);
    }
    return arguments;
  }

  private static @Nullable JsonNode findValue(String name, Change change) {
    for (Map.Entry<String, JsonNode> part : change.address().properties()) {
      String givenAs = UndoCreate.GIVEN_AS.getOrDefault(part.getKey(), part.getKey());
      if (givenAs.equals(name)) {
        return part.getValue();
      }
    }
    return change.before() == null ? null : CurrentValue.find(name, change.before());
  }

  /** A user is created with what there is, whatever the instance now wants of new ones. */
  private static void addLeave(ObjectNode user) {
    user.put("skip_password_requirement", true).put("skip_user_requirement", true);
    if (!user.has("legal_accepted_at")) {
      user.put("skip_legal_checks", true);
    }
  }

  /** Leaves out what Clerk answers once more under the name that it had formerly. */
  static ObjectNode withoutFormerNames(ObjectNode arguments) {
    List<String> names = new ArrayList<>();
    arguments.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (name.startsWith("scim_") && arguments.has(name.replaceFirst("scim", "directory"))) {
        arguments.remove(name);
      }
    }
    for (JsonNode item : arguments.path("mappings")) {
      if (item instanceof ObjectNode mapping) {
        withoutFormerNames(mapping);
      }
    }
    return arguments;
  }
}
