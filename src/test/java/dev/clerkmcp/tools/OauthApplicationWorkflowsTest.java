package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests finding an OAuth application by either of its two IDs. */
final class OauthApplicationWorkflowsTest {
  private static final String APPLICATION = "{\"id\":\"oa_1\",\"client_id\":\"abc\"}";
  private static final Answer NOT_FOUND = Answer.error(404, "resource_not_found");

  @Test
  void applicationIsFoundById() {
    FakeClerk clerk = FakeClerk.answering(APPLICATION);
    assertThat(get(clerk, "oa_1")).isEqualTo(new ToolResult(APPLICATION, false, List.of()));
    assertThat(clerk.requests()).containsExactly("GET /oauth_applications/oa_1");
  }

  @Test
  void applicationIsFoundByClientId() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.equals("GET /oauth_applications/abc")
                    ? NOT_FOUND
                    : new Answer(
                        200,
                        "{\"data\":[{\"id\":\"oa_2\",\"client_id\":\"abcd\"},"
                            + APPLICATION
                            + "],\"total_count\":2}"));
    assertThat(get(clerk, "abc")).isEqualTo(new ToolResult(APPLICATION, false, List.of()));
    assertThat(clerk.requests())
        .containsExactly("GET /oauth_applications/abc", "GET /oauth_applications?name_query=abc");
  }

  @Test
  void applicationWithSimilarIdDoesNotMatch() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.equals("GET /oauth_applications/abcd")
                    ? NOT_FOUND
                    : new Answer(200, "{\"data\":[" + APPLICATION + "],\"total_count\":1}"));
    ToolResult result = get(clerk, "abcd");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"status\":404", "resource_not_found");
  }

  @Test
  void otherErrorIsPassedOn() {
    FakeClerk clerk = FakeClerk.answering(request -> Answer.error(403, "c"));
    assertThat(get(clerk, "abc").json()).contains("\"status\":403");
    assertThat(clerk.requests()).containsExactly("GET /oauth_applications/abc");
  }

  private static ToolResult get(FakeClerk clerk, String id) {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(
        registry, "clerk_oauth_application_get", Json.object().put("oauth_application_id", id));
  }
}
