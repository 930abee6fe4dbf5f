package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.UntrustedFields;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns exceptions into results that say what happened and what the model or a person can do. */
final class ErrorResults {
  private static final String SLUG_TAKEN =
      "An organization has this slug: give another, such as the same with -2 at its end, or leave"
          + " it out. clerk_organization_get with the slug shows which one has it.";

  private static final int MAX_PROBLEMS = 20;

  /** Clerk's sentence about a missing object: "No user was found with id user_1." */
  private static final Pattern MISSING =
      Pattern.compile("\\bNo (?<kind>[A-Za-z ]{1,40}) was found with (?<by>id|key|name)\\b");

  private static final Pattern TOOL = Pattern.compile("\\bclerk_[a-z_0-9]+\\b");

  private static final String KEY_IN_HOST =
      "A person must copy the secret key (sk_test_... or sk_live_...) from the API keys page of the"
          + " Clerk dashboard into "
          + Setting.SECRET_KEY
          + " in this server's configuration, and restart the server.";

  private static final String KEY_IN_SHELL =
      "Copy the secret key (sk_test_... or sk_live_...) from the API keys page of the Clerk dashboard."
          + " Then run: export "
          + Setting.SECRET_KEY
          + "=<the key>. Or write it to a file and name that in "
          + Setting.SECRET_KEY_FILE
          + ". To try the tools without a key, add "
          + Setting.SANDBOX.flag()
          + ".";

  private ErrorResults() {}

  static ToolResult of(InvalidArgumentsException e, ToolDefinition tool) {
    ObjectNode whole = Json.object();
    ObjectNode error = whole.putObject("error").put("code", "invalid_arguments");
    ArrayNode problems = error.putArray("arguments");
    e.problems().stream()
        .limit(MAX_PROBLEMS)
        .forEach(
            problem ->
                problems
                    .addObject()
                    .put("name", problem.argument())
                    .put("problem", problem.message()));
    if (e.problems().size() > MAX_PROBLEMS) {
      error.put("more_problems", e.problems().size() - MAX_PROBLEMS);
    }
    error.put(
        "next",
        "Nothing was changed. Correct the arguments and call %s again.".formatted(tool.name()));
    if (e.inputSchema() != null) {
      error.set("input_schema", e.inputSchema());
    }
    return result(whole, List.of());
  }

  static ToolResult of(RefusedException e, Invocation invocation, ToolRegistry tools) {
    ObjectNode whole = Json.object();
    whole.set("error", error(e, tools));
    whole.setAll(e.details());
    return new ToolResult(
        whole.toString(), true, invocation.notes(), UntrustedFields.mark(e.details()));
  }

  static ToolResult of(ClerkException e, Invocation invocation, ToolRegistry tools) {
    ObjectNode whole = Json.object();
    whole.set("error", error(e, invocation, tools));
    return result(whole, invocation.notes());
  }

  static ToolResult of(PartialFailureException e, Invocation invocation, ToolRegistry tools) {
    ObjectNode whole = Json.object().put("message", String.valueOf(e.getMessage()));
    whole.set(
        "error",
        e.failure() instanceof RefusedException refused
            ? error(refused, tools)
            : error((ClerkException) e.failure(), invocation, tools));
    whole.set("done", e.done());
    return result(whole, invocation.notes());
  }

  private static ObjectNode error(RefusedException e, ToolRegistry tools) {
    return Json.object()
        .put("code", e.code())
        .put("message", e.getMessage())
        .put("next", possible(e.next(), tools));
  }

  /** The advice, which says of each tool that it names whether it is switched off. */
  private static String possible(String advice, ToolRegistry tools) {
    StringBuilder possible = new StringBuilder(advice);
    Matcher named = TOOL.matcher(advice);
    while (named.find()) {
      String reason = tools.disabledReason(named.group());
      if (reason != null) {
        possible.append(" %s is switched off here: %s.".formatted(named.group(), reason));
      }
    }
    return possible.toString();
  }

  private static ObjectNode error(ClerkException e, Invocation invocation, ToolRegistry tools) {
    ObjectNode error = Json.object();
    if (e.status() != 0) {
      error.put("status", e.status());
    }
    addReason(error, e.reasons().get(0));
    if (e.reasons().size() > 1) {
      ArrayNode others = error.putArray("others");
      e.reasons().stream()
          .skip(1)
          .limit(MAX_PROBLEMS)
          .forEach(reason -> addReason(others.addObject(), reason));
    }
    if (e.traceId() != null) {
      error.put("trace_id", e.traceId());
    }
    if (e.retryAfter() != null) {
      error.put("retry_after_seconds", e.retryAfter().toSeconds());
    }
    String next = advice(e, invocation.caller(), tools);
    if (next != null) {
      error.put("next", possible(next, tools));
    }
    return error;
  }

  static ToolResult internal(ToolDefinition tool) {
    ObjectNode whole = Json.object();
    ObjectNode error = whole.putObject("error").put("code", "internal_error");
    error.put("message", "%s failed because of a bug in clerk-mcp.".formatted(tool.name()));
    error.put(
        "next",
        !tool.effect().changes()
            ? "The server's log on stderr has the details."
            : "The change may have been made: read before you repeat it. The server's log on stderr"
                + " has the details.");
    return result(whole, List.of());
  }

  private static void addReason(ObjectNode error, ClerkException.Reason reason) {
    error.put("code", reason.code()).put("message", reason.message());
    if (reason.parameter() != null) {
      error.put("param", reason.parameter());
    }
  }

  private static @Nullable String advice(ClerkException e, Caller caller, ToolRegistry tools) {
    if (e.outcomeUnknown()) {
      return "The change may have been made anyway: read before you repeat it.";
    }
    if (e.code().equals("unexplained") && e.status() < 500) {
      return "A person should check "
          + Setting.API_URL
          + "; for a mock server that serves the API at its root, "
          + Setting.API_PREFIX
          + " must be /.";
    }
    String byCode = AdviceByCode.find(e.code());
    if (e.code().equals("form_identifier_exists")
        && "slug".equals(e.reasons().get(0).parameter())) {
      return SLUG_TAKEN;
    }
    if (byCode != null) {
      return byCode;
    }
    return switch (e.status()) {
      case 0 -> adviceWithoutAnswer(e.code(), caller);
      case 401 ->
          "Clerk does not accept the secret key. A person must replace it where it is set ("
              + Setting.SECRET_KEY
              + ", or the file of "
              + Setting.SECRET_KEY_FILE
              + " or "
              + Setting.INSTANCES
              + ") by one from the API keys page of the Clerk dashboard, and restart the server.";
      case 402 -> "The instance's plan lacks this feature; only a person can change the plan.";
      case 403 -> "Clerk does not allow this here; the feature may be switched off.";
      case 404 -> adviceForMissing(e.reason(), tools);
      case 409 -> "Something else is changing the same object; try again in a moment.";
      case 410 -> "Clerk has retired this operation.";
      case 413 -> "Send less at once.";
      case 400, 422 -> "Correct the arguments and call again.";
      case 429 -> "Nothing was changed. Wait %s, then call again.".formatted(time(e.retryAfter()));
      default -> e.status() >= 500 ? "Clerk has a problem; try again later." : null;
    };
  }

  /** Names the tool that lists objects of the kind that Clerk did not find, if there is one. */
  private static String adviceForMissing(String message, ToolRegistry tools) {
    Matcher missing = MISSING.matcher(message);
    String list = missing.find() ? tools.findListTool(missing.group("kind")) : null;
    if (list == null) {
      return "Check the ID; a list tool shows the existing IDs.";
    }
    String by = missing.group("by").equals("id") ? "ID" : missing.group("by");
    return "Check the %s; %s shows the existing %ss.".formatted(by, list, by);
  }

  private static @Nullable String adviceWithoutAnswer(String code, Caller caller) {
    return switch (code) {
      case "no_secret_key" -> caller.isCommandLine() ? KEY_IN_SHELL : KEY_IN_HOST;
      case "timeout" -> "Ask for less, or try again later.";
      case "answer_too_large" -> "Ask for less, with a smaller limit.";
      case "answer_not_json", "answer_unusable" -> "A person should check " + Setting.API_URL + ".";
      case "connection_failed" -> "A person should check what the message names.";
      default -> "A person should check the network and " + Setting.API_URL + ".";
    };
  }

  private static String time(@Nullable Duration wait) {
    if (wait == null) {
      return "a moment";
    }
    long seconds = wait.toSeconds();
    return seconds < 120
        ? "%s s".formatted(seconds)
        : "%s s (%s minutes)".formatted(seconds, (seconds + 59) / 60);
  }

  private static ToolResult result(ObjectNode whole, List<String> notes) {
    return new ToolResult(whole.toString(), true, notes);
  }

  /**
   * Says what to do about Clerk's errors whose status alone would give wrong advice: those that
   * other arguments, or the same call a little later, do not prevent.
   */
  private static final class AdviceByCode {
    private static final Map<String, String> ADVICE = new HashMap<>();

    static {
      advise(
          "A connected account uses it: disconnect that first with"
              + " clerk_user_external_account_delete, then call again.",
          "delete_linked_identification_disallowed");
      advise(
          "Add another way to identify the user first, then call again.",
          "last_required_identification_deletion_failed");
      advise(
          "Raise max_allowed_memberships with clerk_organization_update (0 is no limit; pending"
              + " invitations count), or revoke invitations, then call again.",
          "organization_membership_quota_exceeded");
      advise(
          "Make another member an admin first, then call again.",
          "organization_minimum_permissions_needed");
      advise(
          "It is taken: give another value. clerk_user_find finds the user who has an address, a"
              + " number or a username.",
          "form_identifier_exists",
          "identification_claimed");
      advise(
          "The user is a member already; clerk_org_membership_update changes the role.",
          "already_a_member_in_organization");
      advise(
          "The user is not a member; clerk_org_memberships_list shows who is.",
          "not_a_member_in_organization");
      advise(
          "It exists already: use that one, or remove it first.",
          "duplicate_record",
          "organization_domain_already_exists_same_organization",
          "organization_invitation_not_unique",
          "organization_role_permission_association_exists",
          "svix_app_exists");
      advise(
          "It is so already, or has ended; there is nothing to repeat.",
          "actor_token_cannot_be_revoked_code",
          "agent_task_cannot_be_revoked",
          "commerce_subscription_item_already_canceled",
          "discount_already_applied",
          "invitation_already_accepted",
          "invitation_already_revoked",
          "organization_invitation_already_accepted",
          "organization_invitation_not_pending",
          "organization_invitation_revoked_code",
          "revoked_invitation",
          "sign_in_token_cannot_be_revoked_code",
          "subscription_already_ended",
          "subscription_item_no_longer_active",
          "verification_already_verified",
          "waitlist_entry_already_completed",
          "waitlist_entry_already_invited",
          "waitlist_entry_already_rejected");
      advise(
          "The instance does not have this feature, or has it switched off; other arguments do not"
              + " help.",
          "api_keys_not_enabled",
          "feature_not_enabled",
          "invitations_not_supported",
          "request_invalid_for_environment",
          "request_invalid_for_instance");
      advise(
          "It is switched off; clerk_instance_org_settings_update switches it on.",
          "organization_domains_not_enabled",
          "organization_not_enabled_in_instance",
          "organization_slugs_disabled");
      advise(
          "The limit of the instance is used up for this period; wait, or a person must raise it.",
          "dev_monthly_email_limit_exceeded",
          "dev_monthly_sms_limit_exceeded",
          "impersonation_limit_exceeded");
      advise(
          "The limit of the instance's plan is reached; remove what is not needed, or a person must"
              + " raise it.",
          "organization_domain_quota_exceeded",
          "organization_instance_role_sets_quota_exceeded",
          "organization_instance_roles_quota_exceeded",
          "organization_quota_exceeded",
          "quota_exceeded",
          "user_quota_exceeded");
      advise(
          "The role is in use: replace it where it is used first, then call again.",
          "organization_role_assigned_members",
          "organization_role_default_creator_role",
          "organization_role_domain_default_role",
          "organization_role_exists_in_invitations",
          "organization_role_on_set_assigned_to_user");
      advise(
          "The user has none set up, so there is nothing to check.",
          "no_password_set",
          "totp_disabled");
      advise(
          "Prepare a new verification first, then call again.",
          "verification_expired",
          "verification_failed",
          "verification_not_sent");
      advise("Create it first with clerk_webhook_svix_app_create.", "svix_app_missing");
      advise("The user is banned; clerk_user_unban ends that.", "user_banned");
      advise(
          "A directory of the user's company manages it; it can be changed only there.",
          "attribute_managed_by_scim",
          "organization_membership_managed_by_scim",
          "user_managed_by_scim");
    }

    private AdviceByCode() {}

    /** The advice for an error; null if the advice for its status is right. */
    static @Nullable String find(String code) {
      return ADVICE.get(code);
    }

    private static void advise(String advice, String... codes) {
      List.of(codes).forEach(code -> ADVICE.put(code, advice));
    }
  }
}
