package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends every way to a tool where a person has switched it off, also the way through a composed one.
 */
public final class AccessGuard implements Guard {
  @Override
  public JsonNode tool(ToolRun run, Supplier<JsonNode> next) {
    check(run, run.tool().name());
    return next.get();
  }

  @Override
  public JsonNode operation(Operation operation, Supplier<JsonNode> next) {
    String tool = operation.tool();
    if (tool != null && !operation.effect().readOnly()) {
      check(operation.run(), tool);
    }
    return next.get();
  }

  private static void check(ToolRun run, String tool) {
    @Nullable String reason = run.instance().selection().whyOff(tool);
    if (reason != null) {
      throw new Refused(
          "tool_switched_off",
          "%s is switched off: %s.".formatted(tool, reason),
          "Only a person can change that, in this server's configuration.");
    }
  }
}
