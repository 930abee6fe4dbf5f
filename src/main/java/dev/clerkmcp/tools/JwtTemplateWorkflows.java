package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.DESTROY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.JwtTemplateTools.JwtTemplateOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes JWT templates. Clerk requires name and claims with every change, so they are read first.
 */
@ToolGroup(id = "jwt_templates")
public final class JwtTemplateWorkflows {
  /** Fields that Clerk may reset to their defaults if a change leaves them out. */
  private static final List<String> KEPT = List.of("lifetime", "allowed_clock_skew");

  private final JwtTemplateTools templates;

  public JwtTemplateWorkflows(JwtTemplateTools templates) {
    this.templates = templates;
  }

  @Tool(
      name = "clerk_jwt_template_update",
      title = "Change JWT template",
      effect = DESTROY,
      sends = "PATCH /jwt_templates/{template_id}")
  @Description(
      "Change a JWT template; what is left out stays. claims replaces all; set_claims adds.")
  public JsonNode update(
      @Arg("jtmp_... or name") String templateId,
      @Arg("Unique name") @Nullable String name,
      @Arg(value = "All claims, not only new ones", storedAt = "GET /jwt_templates/{template_id}")
          @Nullable ObjectNode claims,
      PartialUpdate<JwtTemplateOptions> options) {
    JsonNode current = templates.get(templateId);
    ObjectNode changed = options.json().deepCopy();
    for (String field : KEPT) {
      if (!changed.has(field) && current.hasNonNull(field)) {
        changed.set(field, current.get(field));
      }
    }
    return templates.update(
        templateId,
        name != null ? name : current.path("name").asText(),
        claims != null ? claims : claims(current),
        new PartialUpdate<>(changed));
  }

  private static ObjectNode claims(JsonNode template) {
    if (template.path("claims") instanceof ObjectNode claims) {
      return claims;
    }
    throw InvalidArgumentsException.of(
        "claims", "must be given: Clerk did not return the current ones");
  }
}
