package dev.clerkmcp.transport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Access;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.ToolIndexReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which tool reads the resource with a URI, and with which arguments. */
final class ClerkResourceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk://instance | INSTANCE | {}",
        "clerk://instance?instance=shop | INSTANCE | {\"instance\":\"shop\"}",
        "clerk://users/user_1 | USER | {\"user_id\":\"user_1\"}",
        "clerk://users/a+b@example.com | USER | {\"user_id\":\"a+b@example.com\"}",
        "clerk://users/a%2Bb%40example.com | USER | {\"user_id\":\"a+b@example.com\"}",
        "clerk://users/j%C3%BCrgen?instance=shop | USER | {\"instance\":\"shop\",\"user_id\":\"jürgen\"}",
        "clerk://organizations/acme | ORGANIZATION | {\"organization_id\":\"acme\"}",
      })
  void uriIsParsed(String uri, ClerkResource kind, String arguments) {
    assertThat(ClerkResource.of(uri)).isEqualTo(kind);
    assertThat(kind.arguments(uri)).hasToString(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clerk://users/",
        "clerk://users/user_1/sessions",
        "clerk://users/?instance=shop",
        "clerk://users/user_1?limit=3",
        "clerk://users/%",
        "clerk://users/%zz",
        "clerk://user/user_1",
        "clerk://instances",
        "https://users/user_1",
        "",
      })
  void invalidUriHasNoArguments(String uri) {
    ClerkResource kind = ClerkResource.of(uri);
    @Nullable ObjectNode arguments = kind == null ? null : kind.arguments(uri);
    assertThat(arguments).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void toolAcceptsTheArguments(ClerkResource kind) throws Exception {
    String name = kind.tool(toolFilter());
    String definition =
        ToolIndexReader.entries().stream()
            .filter(line -> line.name().equals(name))
            .findFirst()
            .orElseThrow()
            .tool();
    ObjectNode arguments = kind.arguments(kind.template().replace("{id}", "x"));
    assertThat(arguments).isNotNull();
    arguments
        .fieldNames()
        .forEachRemaining(
            argument ->
                assertThat(definition).contains("\"required\":[\"%s\"]".formatted(argument)));
    assertThat(Json.read(kind.json()).path("description").asText()).endsWith("names another.");
  }

  @Test
  void overviewReadsResourceUnlessDisabled() throws Exception {
    assertThat(ClerkResource.USER.tool(toolFilter())).isEqualTo("clerk_user_overview");
    assertThat(ClerkResource.ORGANIZATION.tool(toolFilter())).isEqualTo("clerk_org_overview");
    assertThat(ClerkResource.USER.tool(toolFilter("clerk_user_overview")))
        .isEqualTo("clerk_user_get");
    assertThat(ClerkResource.ORGANIZATION.tool(toolFilter("clerk_org_overview")))
        .isEqualTo("clerk_organization_get");
  }

  @Test
  void disabledToolReadsNoResource() throws Exception {
    assertThat(ClerkResource.USER.tool(toolFilter("clerk_user_*"))).isNull();
    assertThat(ClerkResource.USER.tool(toolFilter("clerk_users_list"))).isNotNull();
    assertThat(ClerkResource.INSTANCE.tool(ToolFilter.allowingAll())).isNull();
  }

  private static ToolFilter toolFilter(String... excluded) throws ToolFilter.UnknownName {
    return ToolFilter.of(
        ToolIndexReader.entries(),
        new ToolFilter.Choice(
            List.of("core"),
            List.of(),
            List.of(excluded),
            false,
            new Access(
                Access.Level.FULL, true, "CLERK_MCP_ACCESS", "CLERK_MCP_ALLOW_IRREVERSIBLE")));
  }
}
