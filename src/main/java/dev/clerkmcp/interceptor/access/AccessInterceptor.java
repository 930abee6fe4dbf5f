package dev.clerkmcp.interceptor.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends every way to a tool where a person has switched it off, also the way through a composed one.
 */
public final class AccessInterceptor implements ToolInterceptor {
  @Override
  public JsonNode tool(ToolCallContext run, Supplier<JsonNode> next) {
    check(run, run.tool().name());
    return next.get();
  }

  @Override
  public void elsewhere(ToolCallContext run) {
    check(run, run.tool().name());
  }

  /**
   * What a tool reads on its way is its own affair; where it goes on elsewhere, it must be on there
   * as well.
   */
  @Override
  public JsonNode operation(ClerkRequest operation, Supplier<JsonNode> next) {
    String tool = operation.tool();
    boolean asked = !operation.effect().readOnly() || operation.run().isElsewhere();
    if (tool != null && asked) {
      check(operation.run(), tool);
    }
    return next.get();
  }

  private static void check(ToolCallContext run, String tool) {
    @Nullable String reason = run.instance().toolFilter().disabledReason(tool);
    if (reason != null) {
      throw new RefusedException(
          "tool_switched_off",
          run.isElsewhere()
              ? "%s is switched off on %s: %s.".formatted(tool, run.instance().name(), reason)
              : "%s is switched off: %s.".formatted(tool, reason),
          "Only a person can change that, in this server's configuration.");
    }
  }
}
