package dev.clerkmcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ToolRegistryFactoryTest {
  /** A warm-up call that fails loads only half of the classes of a call. */
  @Test
  void warmUpCallSucceeds() throws Exception {
    ServerConfig config = ServerConfig.from(Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey"));
    ToolRegistry tools = ToolRegistryFactory.of(config, "test").warmUpTools();
    JsonNode call = Json.read(ToolRegistryProvider.WARM_UP_CALL);
    ToolResult result =
        tools.call(
            Objects.requireNonNull(tools.find(call.path("name").asText())),
            call.path("arguments"),
            Invocation.current());
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(Json.read(result.json()).at("/data/0/email").asText()).isEqualTo("a@b.example");
  }
}
