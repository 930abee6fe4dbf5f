package dev.clerkmcp.sandbox.seed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Seeds everything but users and organizations: sessions, invitations, templates, domains. */
final class SeedSettings {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final String INVITE = "POST /invitations";
  private static final String REVOKE = "POST /invitations/{invitation_id}/revoke";
  private static final String WAIT = "POST /waitlist_entries";

  private final HistoryBuilder history;

  SeedSettings(HistoryBuilder history) {
    this.history = history;
  }

  /** Creates the objects for the given users. */
  void create(List<String> users) {
    createSessions(users);
    createInvitations();
    createLists();
    createTemplates();
    createDomains();
    createApplications(users);
    createRoles();
  }

  private void createSessions(List<String> users) {
    for (String id : users) {
      ObjectNode user = history.table(ObjectKind.USER).get(id);
      long signedIn = user.path("last_sign_in_at").asLong();
      boolean recent = signedIn > history.present() - 20 * DAY;
      if (recent && !user.path("banned").asBoolean()) {
        ObjectNode body = Json.object().put("user_id", id);
        String session = history.call(signedIn, "POST /sessions", body).path("id").asText();
        if (history.chance(0.1)) {
          history.table(ObjectKind.SESSION).change(session, row -> row.put("status", "ended"));
        } else if (history.chance(0.1)) {
          long later = Math.min(signedIn + DAY / 2, history.present());
          history.call(later, "POST /sessions/{session_id}/revoke", Json.object(), session);
        }
      }
    }
  }

  /** Two invitations of each status; those older than thirty days have expired. */
  private void createInvitations() {
    double[] ages = {1, 4, 9, 12, 15, 20, 40, 70};
    for (int i = 0; i < ages.length; i++) {
      ObjectNode body =
          Json.object()
              .put("email_address", String.format(Locale.ROOT, "newcomer%02d@example.com", i + 1));
      body.putObject("public_metadata").put("campaign", i % 2 == 0 ? "spring" : "referral");
      String id = history.call(history.daysAgo(ages[i]), INVITE, body).path("id").asText();
      if (i == 2 || i == 3) {
        history.call(history.daysAgo(ages[i] - 1), REVOKE, Json.object(), id);
      } else if (i == 4 || i == 5) {
        history.table(ObjectKind.INVITATION).change(id, row -> row.put("status", "accepted"));
      }
    }
  }

  private void createLists() {
    for (String allowed : List.of("*@example.com", "partner@example.org")) {
      history.call(
          history.daysAgo(300),
          "POST /allowlist_identifiers",
          Json.object().put("identifier", allowed).put("notify", false));
    }
    for (String blocked : List.of("spammer@example.net", "*@throwaway.example.net")) {
      history.call(
          history.daysAgo(90),
          "POST /blocklist_identifiers",
          Json.object().put("identifier", blocked));
    }
    for (int i = 1; i <= 5; i++) {
      ObjectNode body =
          Json.object()
              .put("email_address", String.format(Locale.ROOT, "hopeful%02d@example.com", i));
      String id = history.call(history.daysAgo(3 * i), WAIT, body).path("id").asText();
      if (i == 4) {
        history.call(history.daysAgo(2), WAIT + "/{waitlist_entry_id}/invite", Json.object(), id);
      } else if (i == 5) {
        history.call(history.daysAgo(2), WAIT + "/{waitlist_entry_id}/reject", Json.object(), id);
      }
    }
  }

  private void createTemplates() {
    ObjectNode data = Json.object().put("name", "warehouse").put("lifetime", 300);
    data.putObject("claims").put("aud", "warehouse").put("plan", "{{user.public_metadata.plan}}");
    history.call(history.daysAgo(500), "POST /jwt_templates", data);
    ObjectNode partner = Json.object().put("name", "partner-api").put("lifetime", 60);
    partner
        .putObject("claims")
        .put("aud", "https://partner.example.com")
        .put("role", "{{org.role}}");
    history.call(history.daysAgo(200), "POST /jwt_templates", partner);
  }

  private void createDomains() {
    ObjectNode primary = history.template("Domain");
    primary
        .put("id", history.newId("dmn_"))
        .put("name", "sandbox.invalid")
        .put("is_satellite", false);
    primary.put("frontend_api_url", "https://clerk.sandbox.invalid");
    primary.put("accounts_portal_url", "https://accounts.sandbox.invalid");
    primary.put("development_origin", "http://localhost:3000");
    history.table(ObjectKind.DOMAIN).add(primary);
    history.call(
        history.daysAgo(250),
        "POST /domains",
        Json.object().put("name", "shop.sandbox.invalid").put("is_satellite", true));
    history.call(
        history.daysAgo(600),
        "POST /redirect_urls",
        Json.object().put("url", "https://app.example.com/signed-in"));
  }

  private void createApplications(List<String> users) {
    ObjectNode application = Json.object().put("name", "Partner Dashboard");
    application.putArray("redirect_uris").add("https://partner.example.com/callback");
    application.put("scopes", "profile email").put("public", false);
    history.call(history.daysAgo(180), "POST /oauth_applications", application);
    ObjectNode worker = Json.object().put("name", "billing-worker");
    String id = history.call(history.daysAgo(150), "POST /machines", worker).path("id").asText();
    ObjectNode gateway = Json.object().put("name", "api-gateway");
    gateway.putArray("scoped_machines").add(id);
    history.call(history.daysAgo(149), "POST /machines", gateway);
    if (!users.isEmpty()) {
      history.call(
          history.daysAgo(20),
          "POST /api_keys",
          Json.object().put("name", "Nightly export").put("subject", users.get(0)));
    }
  }

  private void createRoles() {
    ObjectNode permission = Json.object().put("name", "Manage billing");
    permission.put("key", "org:billing:manage").put("description", "See and change the plan");
    String permissionId =
        history
            .call(history.daysAgo(400), "POST /organization_permissions", permission)
            .path("id")
            .asText();
    ObjectNode role = Json.object().put("name", "Billing manager");
    role.put("key", "org:billing_manager").put("description", "Pays the bills");
    role.putArray("permissions").add(permissionId);
    history.call(history.daysAgo(399), "POST /organization_roles", role);
  }
}
