package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what may keep a user from signing in, certain problems first. Clerk does not say whether
 * the blocklist and allowlist are on, nor which codes it sends, so those problems say "if".
 */
final class SignInProblems {
  private static final String WHETHER_ON = " clerk_instance_restrictions_get may tell.";

  private final ClerkUser user;
  private final Rules rules;
  private final List<ObjectNode> found = new ArrayList<>();

  private SignInProblems(ClerkUser user, Rules rules) {
    this.user = user;
    this.rules = rules;
  }

  /**
   * The problems of a user.
   *
   * @param pending the sessions that wait for a task
   */
  static List<ObjectNode> of(ClerkUser user, Rules rules, List<JsonNode> pending) {
    SignInProblems problems = new SignInProblems(user, rules);
    problems.state();
    problems.identifiers();
    problems.methods();
    problems.blocklist();
    problems.connections();
    problems.tasks(pending);
    problems.allowlist();
    return problems.found;
  }

  private void state() {
    if (user.is(Flag.BANNED)) {
      add("banned", "Every sign-in is refused.", "clerk_user_unban");
    }
    if (user.is(Flag.LOCKED)) {
      JsonNode seconds = user.json().path("lockout_expires_in_seconds");
      String until =
          seconds.isNumber()
              ? "for another %s min".formatted((seconds.asLong() + 59) / 60)
              : "until an admin unlocks the user";
      String why = "Locked%s %s.".formatted(cause(), until);
      add("locked", why, "clerk_user_unlock");
    } else if (!hasAttempts()) {
      add("attempts_used_up", "No attempts at verification are left.", "clerk_user_unlock");
    }
    if (user.is(Flag.DEPROVISIONED)) {
      add(
          "deprovisioned",
          "The company's directory deprovisioned the user; it must assign the user again.",
          "clerk_directories_list");
    }
  }

  /** Why the user is locked, as far as the attempts that are left tell it. */
  private String cause() {
    JsonNode attempts = user.json().path("verification_attempts_remaining");
    if (!hasAttempts()) {
      return " after too many failed attempts";
    }
    return attempts.isNumber()
        ? " with %s attempts left (so probably by hand, not for failed ones)"
            .formatted(attempts.asLong())
        : "";
  }

  private boolean hasAttempts() {
    return user.json().path("verification_attempts_remaining").asInt(1) > 0;
  }

  private void identifiers() {
    Contact primary = user.findPrimary(Identifier.EMAIL_ADDRESS);
    if (!hasIdentifier()) {
      add(
          "no_verified_identifier",
          "No verified email, phone or account, and no username.",
          primary == null ? "clerk_email_address_create" : "clerk_email_address_update");
    } else if (primary != null && !primary.isProven()) {
      add(
          "unverified_email",
          "The primary email is not verified: it is not proven to be the user's.",
          "clerk_email_address_update");
    }
  }

  private boolean hasIdentifier() {
    return !user.values(Identifier.USERNAME).isEmpty()
        || hasContact()
        || user.firstFactors().stream().anyMatch(method -> !method.equals("password"));
  }

  private boolean hasContact() {
    return user.hasProven(Identifier.EMAIL_ADDRESS) || user.hasProven(Identifier.PHONE_NUMBER);
  }

  private void methods() {
    if (user.firstFactors().isEmpty()) {
      add(
          hasContact() ? "codes_only" : "no_sign_in_method",
          hasContact()
              ? "No password or account: sign-in works only if the instance sends codes or links."
              : "No password, account, passkey or verified contact.",
          "clerk_user_update");
    }
    List<String> methods = user.firstFactors();
    if (methods.size() == 1 && isAccount(methods.get(0))) {
      add(
          "one_account_only",
          "Only through %s: no password, passkey or other account%s."
              .formatted(
                  Rows.of(methods.get(0), 40),
                  hasContact() ? "; codes or links only if the instance sends them" : ""),
          "clerk_user_update");
    }
    if (user.is(Flag.MFA) && user.secondFactors().isEmpty()) {
      add(
          "no_second_factor",
          "MFA is on without a usable second factor.",
          "clerk_user_mfa_disable");
    }
  }

  private static boolean isAccount(String method) {
    return !List.of("password", "passkey", "web3_wallet").contains(method);
  }

  private void blocklist() {
    for (JsonNode entry : rules.blocklist()) {
      if (matches(entry)) {
        add(
                "blocklisted",
                "On the blocklist as \"%s\": refused if the list is on.%s"
                    .formatted(entry.path("identifier").asText(), WHETHER_ON),
                "clerk_blocklist_delete")
            .put("id", entry.path("id").asText());
      }
    }
  }

  private void allowlist() {
    if (!rules.allowlist().isEmpty() && rules.allowlist().stream().noneMatch(this::matches)) {
      add(
          "not_allowlisted",
          "Not on the allowlist: refused if the list is on." + WHETHER_ON,
          "clerk_allowlist_create");
    }
  }

  /**
   * Whether an entry matches an identifier of the user or, with an asterisk, the domain of the
   * user's email address.
   */
  private boolean matches(JsonNode entry) {
    String identifier = entry.path("identifier").asText().toLowerCase(Locale.ROOT);
    if (identifier.startsWith("*@")) {
      return domains().contains(EmailAddress.domainKey(identifier.substring(2)));
    }
    return !identifier.isEmpty()
        && (user.has(Identifier.EMAIL_ADDRESS, identifier)
            || user.has(Identifier.PHONE_NUMBER, identifier)
            || user.has(Identifier.WEB3_WALLET, identifier));
  }

  private Set<String> domains() {
    Set<String> domains = new TreeSet<>();
    user.emails().forEach(email -> domains.add(email.mailDomain()));
    return domains;
  }

  private void connections() {
    for (JsonNode connection : rules.connections()) {
      String domain = domainOf(connection);
      if (domain == null) {
        continue;
      }
      String name = Rows.of(connection.path("name").asText(), 40);
      if (!connection.path("active").asBoolean()) {
        add(
                "sso_inactive",
                "The connection \"%s\" for %s is off.".formatted(name, domain),
                "clerk_enterprise_connection_update")
            .put("id", connection.path("id").asText());
      } else if (!user.hasEnterpriseAccount()) {
        add(
                "sso_required",
                "%s signs in through \"%s\", where the user has no account yet."
                    .formatted(domain, name),
                "clerk_enterprise_connection_get")
            .put("id", connection.path("id").asText());
      }
    }
  }

  private @Nullable String domainOf(JsonNode connection) {
    for (JsonNode domain : connection.path("domains")) {
      String name = domain.asText().toLowerCase(Locale.ROOT);
      if (domains().contains(EmailAddress.domainKey(name))) {
        return name;
      }
    }
    return null;
  }

  private void tasks(List<JsonNode> pending) {
    TreeSet<String> tasks = new TreeSet<>();
    for (JsonNode session : pending) {
      for (JsonNode task : session.path("tasks")) {
        tasks.add(task.path("key").asText("").strip());
      }
    }
    for (String task : tasks) {
      String tool =
          switch (task) {
            case "reset-password" -> "clerk_user_password_compromised_unset";
            case "choose-organization" -> "clerk_org_membership_create";
            default -> "clerk_session_get";
          };
      add(
          "session_task",
          "Sign-in waits until the user completes: " + Rows.of(task, 40) + ".",
          tool);
    }
  }

  private ObjectNode add(String code, String why, String tool) {
    ObjectNode problem = Json.object().put("code", code).put("why", why).put("tool", tool);
    found.add(problem);
    return problem;
  }

  /** The settings of the instance that decide who may sign in, as far as Clerk shows them. */
  record Rules(List<JsonNode> blocklist, List<JsonNode> allowlist, List<JsonNode> connections) {
    Rules {
      blocklist = List.copyOf(blocklist);
      allowlist = List.copyOf(allowlist);
      connections = List.copyOf(connections);
    }
  }
}
