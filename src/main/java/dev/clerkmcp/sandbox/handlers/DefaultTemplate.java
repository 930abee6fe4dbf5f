package dev.clerkmcp.sandbox.handlers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that the sandbox would send if nobody wrote another.
 *
 * @param type email or sms
 * @param subject null in a text message
 * @param variables which the text may contain; the first one it must
 */
record DefaultTemplate(
    String type,
    String slug,
    String name,
    @Nullable String subject,
    String body,
    List<String> variables) {
  static final List<DefaultTemplate> ALL =
      List.of(
          email(
              "verification_code",
              "Verification code",
              "{{otp_code}} opens {{app.name}}",
              "Type {{otp_code}} to go on to {{app.name}}.",
              List.of("otp_code", "app.name")),
          email(
              "magic_link_sign_in",
              "Sign-in link",
              "Your way into {{app.name}}",
              "Follow {{magic_link}} to sign in to {{app.name}}.",
              List.of("magic_link", "app.name")),
          email(
              "reset_password_code",
              "Code for a new password",
              "A new password for {{app.name}}",
              "Type {{otp_code}} to choose a new password for {{app.name}}.",
              List.of("otp_code", "app.name")),
          email(
              "invitation",
              "Invitation",
              "Come to {{app.name}}",
              "There is a place for you at {{app.name}}: {{action_url}}",
              List.of("action_url", "app.name")),
          email(
              "waitlist_invitation",
              "Invitation from the waitlist",
              "It is your turn at {{app.name}}",
              "Thank you for waiting. {{app.name}} is open to you: {{action_url}}",
              List.of("action_url", "app.name")),
          email(
              "organization_invitation",
              "Invitation to an organization",
              "Join {{org.name}}",
              "{{inviter_name}} would like to have you in {{org.name}}: {{action_url}}",
              List.of("action_url", "org.name", "inviter_name", "app.name")),
          sms(
              "verification_code",
              "Verification code",
              "{{otp_code}} is the code for {{app.name}}.",
              List.of("otp_code", "app.name")),
          sms(
              "reset_password_code",
              "Code for a new password",
              "{{otp_code}} lets you choose a new password for {{app.name}}.",
              List.of("otp_code", "app.name")),
          sms(
              "invitation",
              "Invitation",
              "Come to {{app.name}}: {{action_url}}",
              List.of("action_url", "app.name")));

  private static DefaultTemplate email(
      String slug, String name, String subject, String body, List<String> variables) {
    return new DefaultTemplate("email", slug, name, subject, body, variables);
  }

  private static DefaultTemplate sms(
      String slug, String name, String body, List<String> variables) {
    return new DefaultTemplate("sms", slug, name, null, body, variables);
  }

  boolean isEmail() {
    return type.equals("email");
  }

  /** As the texts have it. */
  String requiredVariable() {
    return variables.get(0);
  }
}
