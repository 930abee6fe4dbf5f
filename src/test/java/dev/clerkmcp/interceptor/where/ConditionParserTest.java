package dev.clerkmcp.interceptor.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the grammar of conditions. */
final class ConditionParserTest {
  private static final Instant NOW = Instant.parse("2026-06-01T09:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mfa | mfa present",
        "!mfa | not mfa present",
        "not mfa | not mfa present",
        "!!mfa | mfa present",
        "mfa = false | mfa equals false",
        "mfa == FALSE | mfa equals FALSE",
        "mfa is false | mfa equals false",
        "twoFactorEnabled=true | two_factor_enabled equals true",
        "publicMetadata.planName = team | public_metadata.planName equals team",
        "public_metadata.plan=\"big team\" | public_metadata.plan equals big team",
        "public_metadata.plan = 'a, b' | public_metadata.plan equals a, b",
        "public_metadata[\"a.b\"] != x | not public_metadata[\"a.b\"] equals x",
        "data[].public_metadata.stripe-id | public_metadata.stripe-id present",
        "organizations >= 2 | organizations at_least 2",
        "organizations>2 | organizations more 2",
        "members_count => 10 | members_count at_least 10",
        "members_count lte 10 | members_count at_most 10",
        "role <> org:admin | not role equals org:admin",
        "role in (org:admin, 'org:owner') | role equals org:admin or org:owner",
        "role not in [a,b] | not role equals a or b",
        "email ~ example.com | email contains example.com",
        "email !~ example.com | not email contains example.com",
        "email contains example.com | email contains example.com",
        "email like %example% | email contains example",
        "public_metadata.plan = null | not public_metadata.plan present",
        "public_metadata.plan is not null | public_metadata.plan present",
        "public_metadata.plan = \"null\" | public_metadata.plan equals null",
        "public_metadata.plan exists | public_metadata.plan present",
        "phone missing | not phone present",
        "created_at >= 2026-05-01 | created_at at_least 2026-05-01",
        "last_sign_in_at < 30d ago | last_sign_in_at less 30d ago",
        "!mfa and organizations >= 2 | not mfa present; organizations at_least 2",
        "!mfa && banned | not mfa present; banned present",
        "!mfa, organizations >= 2, locked | not mfa present; organizations at_least 2; locked present",
        "[\"!mfa\",\"locked\"] | not mfa present; locked present",
        "[\"!mfa\",{\"locked\":true}] | not mfa present; locked equals true",
        "{\"public_metadata.plan\":\"team\"} | public_metadata.plan equals team",
        "{\"public_metadata\":{\"plan\":\"team\",\"seats\":5}} | public_metadata.plan equals team; public_metadata.seats equals 5",
        "{\"public_metadata.plan\":[\"team\",\"pro\"]} | public_metadata.plan equals team or pro",
        "{\"public_metadata.plan\":null} | not public_metadata.plan present",
        "{\"organizations\":{\"$gte\":2}} | organizations at_least 2",
        "{\"organizations\":{\">=\":2,\"lt\":5}} | organizations at_least 2; organizations less 5",
        "{\"plan\":{\"$nin\":[\"a\"]}} | not plan equals a",
        "{\"organizations >=\":2} | organizations at_least 2",
        "{\"!mfa\":true} | not mfa equals true",
        "{\"$and\":[{\"mfa\":false},\"locked\"]} | mfa equals false; locked present",
        "{\"field\":\"mfa\",\"operator\":\"==\",\"value\":false} | mfa equals false",
        "{\"field\":\"organizations\",\"op\":\">=\",\"value\":2} | organizations at_least 2",
      })
  void conditionIsRead(String given, String expected) throws Exception {
    assertThat(
            String.join(
                "; ",
                ConditionParser.parse(json(given), NOW).stream()
                    .map(ConditionParserTest::described)
                    .toList()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "organizations >> 2 | \"organizations >> 2\" has no operator that is known after organizations",
        "organizations at least 2 | \"organizations at least 2\" has no operator after organizations; write",
        "public_metadata.plan = | \"public_metadata.plan =\" needs a value after =",
        "= team | \"= team\" does not begin with a field; write",
        "mfa or banned | has an or, which is not possible",
        "created_at > soon | compares with a time, which must be a time: a date (2026-11-21)",
        "created_at = 2026-13 | compares with a time, which is no date that exists",
        "created_at > 2 months ago | cannot be a span of months or years",
        "organizations >= many | which is neither a number nor a time",
        "5 | is no condition",
        "{} | must hold a condition",
        "{\"a\":{\"=\":{}}} | compares with an object",
      })
  void problemNamesConditionAndForm(String given, String expected) throws Exception {
    JsonNode json = given.equals("5") ? Json.read("[5]") : json(given);
    assertThatThrownBy(() -> ConditionParser.parse(json, NOW))
        .isInstanceOf(InvalidArgumentsException.class)
        .message()
        .startsWith("where ")
        .contains(expected);
  }

  private static JsonNode json(String given) throws Exception {
    return given.startsWith("{") || given.startsWith("[")
        ? Json.read(given)
        : TextNode.valueOf(given);
  }

  private static String described(Condition condition) {
    String operands =
        String.join(" or ", condition.operands().stream().map(Operand::text).toList());
    return "%s%s %s %s"
        .formatted(
            condition.negated() ? "not " : "",
            condition.field(),
            condition.operator().name().toLowerCase(Locale.ROOT),
            operands)
        .strip();
  }
}
