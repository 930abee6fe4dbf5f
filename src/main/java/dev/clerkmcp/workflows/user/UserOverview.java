package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Renders the overview of a user, with fewer rows if it would be too long.
 *
 * @param active the active sessions
 * @param recent the newest sessions of any state, among them the pending ones
 * @param invitations the pending invitations to the application
 * @param organizationInvitations the pending invitations to organizations; may contain one twice
 * @param notRead which parts are missing, and why
 */
record UserOverview(
    JsonNode user,
    Optional<ListPage> active,
    Optional<ListPage> recent,
    Optional<ListPage> memberships,
    List<JsonNode> invitations,
    List<JsonNode> organizationInvitations,
    SignInProblems.Rules rules,
    ObjectNode notRead) {
  private static final int MAX_TOKENS = 1_800;

  /** The rows of each kind; if the overview is too long, the next number is tried. */
  private static final List<Integer> ROWS = List.of(8, 5, 3, 2, 1);

  private static final int MAX_SESSIONS = 3;

  /** The lists that are left out if they are empty. */
  private static final List<String> LISTS =
      List.of(
          "emails",
          "phones",
          "wallets",
          "flags",
          "sign_in_methods",
          "second_factors",
          "organizations",
          "invitations",
          "organization_invitations");

  /** The other fields that are left out if there is no value. */
  private static final List<String> VALUES =
      List.of("name", "username", "external_id", "created_at", "last_sign_in_at", "last_active_at");

  /** The parts from which problems with signing in are found. */
  private static final List<String> RULES =
      List.of("sessions", "blocklist", "allowlist", "enterprise_connections");

  /** The overview, with as many rows as there is room for. */
  ObjectNode render() {
    ObjectNode answer = Json.object();
    for (int rows : ROWS) {
      answer = render(rows);
      if (Rows.tokens(answer) <= MAX_TOKENS) {
        break;
      }
    }
    return answer;
  }

  private ObjectNode render(int rows) {
    List<JsonNode> pending = pendingSessions();
    ObjectNode answer = Json.object();
    ClerkUser clerkUser = new ClerkUser(user);
    answer.put("id", clerkUser.id());
    String name = clerkUser.name();
    if (!name.isEmpty()) {
      answer.put("name", Rows.of(name, 80));
    }
    identifiers(answer, clerkUser, rows);
    clerkUser.putFlags(answer);
    put(answer, "sign_in_methods", clerkUser.firstFactors());
    put(answer, "second_factors", clerkUser.secondFactors());
    for (String time : List.of("created_at", "last_sign_in_at", "last_active_at")) {
      IsoTime.put(answer, time, user.path(time));
    }
    Rows.putRows(
        answer,
        "sign_in_problems",
        SignInProblems.of(clerkUser, rules, pending),
        Math.max(rows, 6));
    sessions(answer, pending, rows);
    organizations(answer, rows);
    Rows.putRows(answer, "invitations", applicationInvitations(), rows);
    Rows.putRows(answer, "organization_invitations", toOrganizations(), rows);
    Rows.putMetadata(answer, user, rows);
    Rows.addEmpty(answer, LISTS, Json.array(), notRead);
    Rows.addEmpty(answer, VALUES, NullNode.getInstance(), notRead);
    for (String list : List.of("newest_sessions", "open_sessions")) {
      Rows.addEmpty(answer, list, List.of("sessions"), Json.array(), notRead);
    }
    Rows.addEmpty(answer, "sign_in_problems", RULES, Json.array(), notRead);
    Rows.addEmptyMetadata(answer, user);
    if (!notRead.isEmpty()) {
      answer.set("not_read", notRead);
    }
    return answer;
  }

  private void identifiers(ObjectNode answer, ClerkUser clerkUser, int rows) {
    contacts(answer, "emails", clerkUser.contacts(Identifier.EMAIL_ADDRESS), rows);
    contacts(answer, "phones", clerkUser.contacts(Identifier.PHONE_NUMBER), rows);
    contacts(answer, "wallets", clerkUser.contacts(Identifier.WEB3_WALLET), rows);
    Rows.put(answer, "username", user.path("username"));
    Rows.put(answer, "external_id", user.path("external_id"));
  }

  private static void contacts(ObjectNode answer, String name, List<Contact> contacts, int rows) {
    List<ObjectNode> shown = new ArrayList<>();
    for (Contact contact : contacts) {
      ObjectNode row = Json.object().put("id", contact.id());
      String field = contact.kind().field();
      Rows.put(row, field, contact.json().path(field));
      if (contact.isPrimary()) {
        row.put("primary", true);
      }
      row.put("verified", contact.isVerified());
      if (contact.isProven() && !contact.isVerified()) {
        row.put("reserved", true);
      }
      shown.add(row);
    }
    Rows.putRows(answer, name, shown, rows);
  }

  private static void put(ObjectNode answer, String name, List<String> words) {
    if (!words.isEmpty()) {
      words.stream().limit(8).forEach(answer.putArray(name)::add);
    }
  }

  private List<JsonNode> pendingSessions() {
    List<JsonNode> pending = new ArrayList<>();
    recent.ifPresent(
        listing ->
            listing
                .data()
                .forEach(
                    session -> {
                      if (session.path("status").asText().equals("pending")) {
                        pending.add(session);
                      }
                    }));
    return pending;
  }

  private void sessions(ObjectNode answer, List<JsonNode> pending, int rows) {
    if (active.isEmpty()) {
      return;
    }
    List<JsonNode> open = new ArrayList<>(pending);
    active.get().data().forEach(open::add);
    answer.put("open_sessions", pending.size() + active.get().total());
    List<ObjectNode> newest =
        open.stream()
            .sorted(
                Comparator.comparingLong((JsonNode s) -> s.path("last_active_at").asLong())
                    .reversed())
            .limit(MAX_SESSIONS)
            .map(UserOverview::session)
            .toList();
    Rows.putRows(answer, "newest_sessions", newest, rows);
    answer.remove("newest_sessions_left_out"); // the count already says it
  }

  private static ObjectNode session(JsonNode session) {
    JsonNode activity = session.path("latest_activity");
    ObjectNode row = Json.object().put("id", session.path("id").asText());
    if (session.path("status").asText().equals("pending")) {
      row.put("status", "pending");
    }
    Rows.put(row, "device", activity.path("device_type"));
    Rows.put(row, "browser", activity.path("browser_name"));
    Rows.put(row, "city", activity.path("city"));
    Rows.put(row, "country", activity.path("country"));
    IsoTime.put(row, "last_active_at", session.path("last_active_at"));
    return row;
  }

  private void organizations(ObjectNode answer, int rows) {
    if (memberships.isEmpty()) {
      return;
    }
    List<ObjectNode> organizations = new ArrayList<>();
    for (JsonNode membership : memberships.get().data()) {
      JsonNode organization = membership.path("organization");
      ObjectNode row = Json.object().put("id", organization.path("id").asText());
      Rows.put(row, "name", organization.path("name"));
      Rows.put(row, "role", membership.path("role"));
      organizations.add(row);
    }
    Rows.putRows(answer, "organizations", organizations, rows, memberships.get().total());
  }

  private List<ObjectNode> applicationInvitations() {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode invitation : once(invitations)) {
      ObjectNode row = Json.object().put("id", invitation.path("id").asText());
      Rows.put(row, "email_address", invitation.path("email_address"));
      putUnverified(row, invitation);
      IsoTime.put(row, "created_at", invitation.path("created_at"));
      rows.add(row);
    }
    return rows;
  }

  private List<ObjectNode> toOrganizations() {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode invitation : once(organizationInvitations)) {
      JsonNode organization = invitation.path("public_organization_data");
      ObjectNode row = Json.object().put("id", invitation.path("id").asText());
      row.put(
          "organization_id",
          invitation.path("organization_id").asText(organization.path("id").asText("")));
      Rows.put(row, "organization", organization.path("name"));
      Rows.put(row, "role", invitation.path("role"));
      putUnverified(row, invitation);
      IsoTime.put(row, "created_at", invitation.path("created_at"));
      rows.add(row);
    }
    return rows;
  }

  /** Marks an invitation to an address that is not proven to be the user's. */
  private void putUnverified(ObjectNode row, JsonNode invitation) {
    Contact address = new ClerkUser(user).findEmail(EmailAddress.in(invitation));
    if (address != null && !address.isProven()) {
      row.put("unverified", true);
    }
  }

  private static List<JsonNode> once(List<JsonNode> rows) {
    Map<String, JsonNode> byId = new LinkedHashMap<>();
    rows.forEach(row -> byId.putIfAbsent(row.path("id").asText(), row));
    return List.copyOf(byId.values());
  }
}
