package dev.clerkmcp.interceptor.undo;

import dev.clerkmcp.clerk.Endpoint;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Operations that no call takes back, and why. */
final class FinalOperations {
  private static final List<Reason> REASONS =
      List.of(
          reason(
              "POST /sessions/\\{}/revoke",
              "An ended session cannot be resumed; the person has to sign in again."),
          reason(
              "POST /(.*_tokens|agents/tasks|api_keys)/\\{}/revoke"
                  + "|POST /oauth_applications/\\{}/revoke_token",
              "What was revoked stays revoked; whoever needs it must be given a new one."),
          reason(
              "POST /sessions/\\{}/(refresh|tokens|tokens/\\{})"
                  + "|POST /testing_tokens|POST /webhooks/svix_url",
              "What was issued cannot be called back; it ends by itself."),
          reason(
              "POST .*rotate.*",
              "The previous secret is gone, and Clerk never issues the same one again."),
          reason(
              "DELETE /users/\\{}/(backup_code|mfa|totp)"
                  + "|DELETE /users/\\{}/(passkeys|trusted_devices)/\\{}",
              "Only the user can set it up again."),
          reason(
              "DELETE /users/\\{}/(external_accounts|web3_wallets)/\\{}",
              "Only the user can connect it again."),
          reason(
              "POST /users/\\{}/remove_password",
              "Clerk never tells a password, so the previous one cannot be set again."),
          reason("POST /users/\\{}/verify_totp", "A code that was checked is used up."),
          reason(
              "DELETE /(users|organizations)/\\{}/(logo|profile_image)",
              "Clerk does not give back a deleted image; it must be uploaded again from its file."),
          reason(
              "POST /instance/change_domain|PUT /beta_features/domain",
              "Changing the domain back would be another change that signs everybody out, and"
                  + " needs its DNS records; that is for a person in Clerk's Dashboard."),
          reason(
              ".* /(.*/)?billing/.*",
              "Money and subscriptions are not put back by a plan; what was billed stays billed."),
          reason(
              "POST /role_sets/\\{}/(replace|roles/replace)",
              "Members were given other roles, and nobody knows any more who had which."),
          reason(
              "POST /role_sets",
              "Clerk deletes a role set only by moving its organizations to another:"
                  + " clerk_role_set_replace."),
          reason(
              "POST /role_sets/\\{}/roles",
              "Clerk takes a role out of a role set only by giving its members another:"
                  + " clerk_role_set_role_replace."),
          reason(
              "POST /.*/\\{}/prepare_verification",
              "A code that was sent cannot be called back; it ends by itself."),
          reason(
              "POST /.*/\\{}/(attempt_verification|verify_ownership)|POST /proxy_checks",
              "A check that was made cannot be unmade."),
          reason(
              "POST /waitlist_entries/\\{}/(invite|reject)",
              "Clerk does not set a waitlist entry back to pending, and what was sent stays sent."),
          reason(
              "POST /enterprise_connections/\\{}/test_runs",
              "A test that was begun cannot be called back; it changed nothing."));

  private FinalOperations() {}

  /** Why there is no way back; null if there may be one. */
  static @Nullable String findReason(Endpoint endpoint) {
    String route = KnownEffect.route(endpoint);
    for (Reason reason : REASONS) {
      if (reason.routes().matcher(route).matches()) {
        return reason.sentence();
      }
    }
    return null;
  }

  private static Reason reason(String routes, String sentence) {
    return new Reason(Pattern.compile(routes), sentence);
  }

  private record Reason(Pattern routes, String sentence) {}
}
