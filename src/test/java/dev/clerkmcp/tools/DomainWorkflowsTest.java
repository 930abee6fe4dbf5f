package dev.clerkmcp.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.server.ToolModule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests finding one domain, for which Clerk has only a list. */
final class DomainWorkflowsTest {
  private static final String SATELLITE = "{\"id\":\"dmn_2\",\"name\":\"shop.example.com\"}";

  private final FakeClerk clerk =
      FakeClerk.answering(
          "{\"data\":[{\"id\":\"dmn_1\",\"name\":\"example.com\"},"
              + SATELLITE
              + "],\"total_count\":2}");

  @Test
  void domainIsFoundById() {
    assertThat(get("dmn_2")).isEqualTo(new ToolResult(SATELLITE, false, List.of()));
    assertThat(clerk.requests()).containsExactly("GET /domains");
  }

  @Test
  void unknownDomainIsNotFound() {
    assertThat(get("dmn_3"))
        .isEqualTo(
            new ToolResult(
                "{\"error\":{\"status\":404,\"code\":\"resource_not_found\","
                    + "\"message\":\"The instance has no domain dmn_3.\","
                    + "\"next\":\"Check the ID; a list tool shows the existing IDs.\"}}",
                true,
                List.of()));
  }

  private ToolResult get(String id) {
    ToolRegistry registry = ToolModule.registry(clerk.client());
    return ToolCaller.call(registry, "clerk_domain_get", Json.object().put("domain_id", id));
  }
}
