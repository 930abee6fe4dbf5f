package dev.clerkmcp.sandbox.handlers.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EmailTemplatesTest {
  private static final String INVITATION = "/templates/email/invitation";

  private final SandboxCalls calls = SandboxCalls.empty();

  @ParameterizedTest
  @ValueSource(strings = {"email", "sms"})
  void everySandboxHasDefaults(String type) {
    JsonNode templates = calls.ok("GET /templates/" + type);

    assertThat(templates.size()).isGreaterThan(2);
    for (JsonNode template : templates) {
      assertThat(template.path("template_type").asText()).isEqualTo(type);
      assertThat(template.path("resource_type").asText()).isEqualTo("system");
      assertThat(template.path("subject").isNull()).isEqualTo(type.equals("sms"));
      assertThat(template.path("body").asText())
          .contains("{{%s}}".formatted(template.at("/required_variables/0").asText()));
      assertThat(calls.ok("GET /templates/%s/%s".formatted(type, template.path("slug").asText())))
          .isEqualTo(template);
    }
    assertThat(calls.ok("GET /templates/%s?paginated=true&limit=1".formatted(type)).path("data"))
        .hasSize(1);
    assertThat(calls.store().table(ObjectKind.TEMPLATE).size()).isZero();
  }

  @Test
  void rejectsUnknownTypesAndSlugs() {
    assertThat(calls.call("GET", "/templates/fax").error())
        .isEqualTo("400 template_type_unsupported");
    assertThat(calls.call("GET", "/templates/email/birthday").error())
        .isEqualTo("404 resource_not_found");
    assertThat(calls.call("GET", "/templates/sms/magic_link_sign_in").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void changedTemplateCanBeRevertedOnce() {
    JsonNode before = calls.ok("GET " + INVITATION);

    JsonNode changed =
        calls.ok(
            "PUT " + INVITATION,
            "{'name':'Welcome','subject':'Hello','body':'Go to {{ action_url }}.',"
                + "'from_email_name':'team'}");

    assertThat(changed.path("resource_type").asText()).isEqualTo("user");
    assertThat(changed.path("can_revert").asBoolean()).isTrue();
    assertThat(changed.path("subject").asText()).isEqualTo("Hello");
    assertThat(changed.path("from_email_name").asText()).isEqualTo("team");
    assertThat(calls.ok("GET " + INVITATION)).isEqualTo(changed);
    assertThat(calls.ok("POST " + INVITATION + "/revert")).isEqualTo(before);
    assertThat(calls.call("POST", INVITATION + "/revert").error())
        .isEqualTo("400 template_revert_error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/templates/email/invitation; Come in.; 422 required_variable_missing body",
        "/templates/email/invitation; {{app.name}}; 422 required_variable_missing body",
        "/templates/email/invitation; {{action_url}} {{oops; 422 invalid_template_body body",
        "/templates/sms/invitation; {{action_url}}; 400 template_body_modification_restricted"
      })
  void refusesBodies(String path, String body, String error) {
    assertThat(calls.call("PUT", path, "{'body':'%s'}".formatted(body)).error()).isEqualTo(error);
    assertThat(calls.store().table(ObjectKind.TEMPLATE).size()).isZero();
  }

  @Test
  void textMessagesHaveNeitherSubjectNorSender() {
    JsonNode changed =
        calls.ok(
            "PUT /templates/sms/invitation",
            "{'subject':'Hello','from_email_name':'team','delivered_by_clerk':false}");

    assertThat(changed.path("subject").isNull()).isTrue();
    assertThat(changed.path("from_email_name").asText()).isEmpty();
    assertThat(changed.path("delivered_by_clerk").asBoolean()).isFalse();
  }

  @Test
  void deliveryIsSetOrToggled() {
    String toggle = "POST " + INVITATION + "/toggle_delivery";

    assertThat(calls.ok(toggle).path("delivered_by_clerk").asBoolean()).isFalse();
    assertThat(calls.ok(toggle).path("delivered_by_clerk").asBoolean()).isTrue();
    assertThat(
            calls.ok(toggle, "{'delivered_by_clerk':true}").path("delivered_by_clerk").asBoolean())
        .isTrue();
  }

  @Test
  void previewFillsInVariablesAndChangesNothing() {
    JsonNode preview =
        calls.ok(
            "POST " + INVITATION + "/preview",
            "{'subject':'To {{app.name}}$1','body':'{{action_url}}{{unknown}}',"
                + "'from_email_name':'team'}");

    assertThat(preview.path("subject").asText()).isEqualTo("To Example App$1");
    assertThat(preview.path("body").asText()).isEqualTo("https://accounts.sandbox.invalid/example");
    assertThat(preview.path("from_email_address").asText()).isEqualTo("team@sandbox.invalid");
    assertThat(calls.store().table(ObjectKind.TEMPLATE).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"email, verification_code", "email, organization_invitation", "sms, invitation"})
  void previewOfDefaultTextLeavesNoVariables(String type, String slug) {
    JsonNode preview = calls.ok("POST /templates/%s/%s/preview".formatted(type, slug));

    assertThat(preview.path("body").asText()).isNotEmpty().doesNotContain("{{");
    assertThat(preview.path("subject").isNull()).isEqualTo(type.equals("sms"));
  }
}
