package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.Golden;
import dev.clerkmcp.registry.OperationFacts.RiskCheck;
import dev.clerkmcp.registry.OperationFacts.Risky;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What harm each operation can do, in one table that a person can review. */
final class OperationRisksTest {
  private static final Path TABLE = Path.of("src/test/resources/dev/clerkmcp/risks.tsv");

  /** Operations that change something without a risk, each for a reason that a person judged. */
  private static final List<String> HARMLESS =
      List.of(
          // Takes something away, so that its effect demands a question already.
          "DELETE /api_keys/{api_key_id}",
          "DELETE /invitations/{invitation_id}",
          "DELETE /organizations/{organization_id}/logo",
          "DELETE /users/{user_id}",
          "DELETE /users/{user_id}/profile_image",
          "DELETE /users/{user_id}/trusted_devices/{trusted_device_id}",
          "DELETE /waitlist_entries/{waitlist_entry_id}",
          "POST /actor_tokens/{actor_token_id}/revoke",
          "POST /admin_portal_link_tokens/{admin_portal_link_token_id}/revoke",
          "POST /agents/tasks/{agent_task_id}/revoke",
          "POST /api_keys/{api_key_id}/revoke",
          "POST /invitations/{invitation_id}/revoke",
          "POST /m2m_tokens/{m2m_token_id}/revoke",
          "POST /oauth_applications/{oauth_application_id}/revoke_token",
          "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke",
          "POST /sign_in_tokens/{sign_in_token_id}/revoke",
          "POST /users/{user_id}/lock",
          "POST /users/{user_id}/profile_image",
          "POST /waitlist_entries/{waitlist_entry_id}/reject",
          "PUT /oauth_applications/{oauth_application_id}/logo",
          "PUT /organizations/{organization_id}/logo",
          // Lets a user try again with the same credentials.
          "POST /users/{user_id}/unlock",
          // Sends a message to one person, or many, who are counted.
          "POST /email_addresses/{email_address_id}/prepare_verification",
          "POST /phone_numbers/{phone_number_id}/prepare_verification",
          "POST /waitlist_entries",
          "POST /waitlist_entries/bulk",
          "POST /waitlist_entries/{waitlist_entry_id}/invite",
          // Tries out a setting.
          "POST /enterprise_connections/{enterprise_connection_id}/test_runs",
          "POST /proxy_checks");

  static List<OperationFacts> changing() {
    return DeclaredOperations.changing();
  }

  @ParameterizedTest
  @MethodSource("changing")
  void everyChangeHasARiskOrAReasonForNone(OperationFacts facts) {
    assertThat(facts.risks().isEmpty()).isEqualTo(HARMLESS.contains(facts.endpoint().route()));
  }

  /** An argument of a risk that no operation takes would never raise it. */
  @ParameterizedTest
  @MethodSource("changing")
  void argumentsOfARiskExist(OperationFacts facts) {
    List<String> names = DeclaredOperations.argumentNames(facts.endpoint().route());
    for (Risky risk : facts.risks()) {
      for (String condition : risk.when()) {
        assertThat(names).contains(condition.split(" = ", 2)[0]);
      }
    }
  }

  @Test
  void tableIsCurrent() throws IOException {
    StringBuilder table = new StringBuilder("operation\teffect\trisks\twithout a risk\n");
    for (OperationFacts facts : DeclaredOperations.all().values()) {
      table
          .append(facts.endpoint().route())
          .append('\t')
          .append(facts.effect().name().toLowerCase(Locale.ROOT))
          .append('\t')
          .append(String.join("; ", risks(facts)))
          .append('\t')
          .append(String.join(", ", withoutRisk(facts)))
          .append('\n');
    }
    Golden.assertMatches(TABLE, table.toString());
  }

  /** The arguments that raise no risk, where not every call has one; a person judged each. */
  private static List<String> withoutRisk(OperationFacts facts) {
    if (facts.risks().isEmpty() || !OperationFacts.certain(facts.risks()).isEmpty()) {
      return List.of();
    }
    List<String> names =
        new ArrayList<>(DeclaredOperations.argumentNames(facts.endpoint().route()));
    names.removeAll(facts.endpoint().variables());
    for (Risky risk : facts.risks()) {
      names.removeAll(OperationFacts.arguments(risk));
      names.removeIf(name -> risk.check() == RiskCheck.HIGHER_ROLE && name.matches("(.*\\.)?role"));
      names.removeIf(
          name -> risk.check() == RiskCheck.SENSITIVE_METADATA && name.endsWith("metadata"));
    }
    return names;
  }

  private static List<String> risks(OperationFacts facts) {
    List<String> risks = new ArrayList<>();
    for (Risky risk : facts.risks()) {
      List<String> conditions = new ArrayList<>(Arrays.asList(risk.when()));
      switch (risk.check()) {
        case NONE -> {}
        case HIGHER_ROLE -> conditions.add("a role above member");
        case SENSITIVE_METADATA -> conditions.add("a sensitive key in metadata");
        case SEVERAL_CONTACTS -> conditions.add("several addresses, numbers or wallets");
        case MANY_MEMBERS -> conditions.add("more than ten members");
      }
      if (!risk.asked()) {
        conditions.add("no question about one request alone");
      }
      String when = conditions.isEmpty() ? "" : " (" + String.join(", ", conditions) + ")";
      risks.add(risk.value().word() + when);
    }
    return risks;
  }
}
