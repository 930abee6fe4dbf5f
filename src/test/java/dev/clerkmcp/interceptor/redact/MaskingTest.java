package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that masking applies to Clerk's own fields, before a view renames or selects them. */
final class MaskingTest {
  private static final String USER =
      """
      {"id": "user_1", "object": "user", "first_name": "Ada", "last_name": "Lovelace",
       "primary_email_address_id": "idn_1", "private_metadata": {"plan": "gold"},
       "email_addresses": [{"id": "idn_1", "email_address": "ada@example.com"}]}""";
  private static final String MEMBERSHIP =
      """
      {"id": "orgmem_1", "object": "organization_membership", "role": "org:admin",
       "private_metadata": {"plan": "gold"}, "organization": {"id": "org_1", "name": "Acme"},
       "public_user_data": {"user_id": "user_1", "first_name": "Ada", "last_name": "Lovelace",
       "identifier": "ada@example.com"}}""";

  private final FakeClerk clerk =
      FakeClerk.answering(
          request -> {
            if (request.startsWith("PATCH /users/user_1/metadata")) {
              return new FakeClerk.Answer(
                  422, "{\"errors\":[{\"code\":\"x\",\"message\":\"ada@example.com is taken\"}]}");
            }
            return new FakeClerk.Answer(
                200,
                request.contains("/memberships")
                    ? "{\"data\":[%s],\"total_count\":1}".formatted(MEMBERSHIP)
                    : request.startsWith("GET /users?") ? "[%s]".formatted(USER) : USER);
          });

  @TempDir private Path folder;

  /** A view shows both names of a member as {@code name}, in a row that is not a user. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_org_memberships_list| {'organization_id':'org_1'}",
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['name']}",
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['*']}",
        "clerk_org_memberships_list| {'organization_id':'org_1','all':true,'fields':['name']}",
        "clerk_users_list       | {}",
        "clerk_users_list       | {'fields':['name']}",
        "clerk_user_get         | {'user_id':'user_1'}",
        "clerk_user_find        | {'user':'ada@example.com'}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','dry_run':true}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1}}"
      })
  void personalDataIsMasked(String tool, String arguments) throws Exception {
    ToolResult result = ToolCaller.call(tools("mask"), tool, arguments);
    assertThat(result.toString()).contains("_1").doesNotContain("Lovelace", "ada@", "Ada ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clerk_org_memberships_list| {'organization_id':'org_1','fields':['private_metadata.plan']}",
        "clerk_user_get         | {'user_id':'user_1'}",
        "clerk_user_update      | {'user_id':'user_1','private_metadata':{'p':'gold'},'dry_run':true}",
        "clerk_user_update      | {'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1}}"
      })
  void privateMetadataIsHidden(String tool, String arguments) throws Exception {
    ToolResult result = ToolCaller.call(tools("show"), tool, arguments);
    assertThat(result.json()).doesNotContain("gold");
    assertThat(result.toString()).contains("include_private: true");
  }

  @Test
  void partialResultHasPrivateMetadataOnRequest() throws Exception {
    String arguments =
        "{'user_id':'user_1','first_name':'Eve','public_metadata':{'a':1},'include_private':true}";
    assertThat(ToolCaller.call(tools("show"), "clerk_user_update", arguments).json())
        .contains("\"done\"", "gold");
  }

  private ToolRegistry tools(String people) {
    return ToolCaller.tools(clerk.client(), folder, Map.of("CLERK_MCP_PII", people));
  }
}
