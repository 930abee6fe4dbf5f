package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for templates of JSON web tokens. */
@ToolGroup(
    id = "jwt_templates",
    description = "JWT templates: which claims a session's tokens for other services carry")
@View(
    of = "jwt_template",
    row = {"id", "name", "lifetime", "signing_algorithm", "created_at"},
    flags = "custom_signing_key")
public interface JwtTemplateTools {

  @Tool(name = "clerk_jwt_templates_list", title = "List JWT templates", effect = READ)
  @Description("List JWT templates with their claims.")
  @Route("GET /jwt_templates?paginated=true")
  ListPage list(PageRequest page);

  @Tool(name = "clerk_jwt_template_get", title = "Get JWT template", effect = READ)
  @Description("One JWT template, by ID.")
  @Route("GET /jwt_templates/{template_id}")
  JsonNode get(@Arg("jtmp_... or name") String templateId);

  @Tool(name = "clerk_jwt_template_create", title = "Create JWT template", effect = CREATE)
  @Description("Create a JWT template for session tokens.")
  @Route("POST /jwt_templates")
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /jwt_templates/{template_id}", how = REMOVAL)
  JsonNode create(
      @Arg("Unique name") String name,
      @Arg("Claims; shortcodes like {{user.id}}") ObjectNode claims,
      JwtTemplateOptions options);

  @InternalEndpoint(DESTROY)
  @Route("PATCH /jwt_templates/{template_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("jtmp_... or name") String templateId,
      @Arg("Unique name") String name,
      @Arg("All claims, not only new ones") ObjectNode claims,
      PartialUpdate<JwtTemplateOptions> options);

  @Tool(name = "clerk_jwt_template_delete", title = "Delete JWT template", effect = IRREVERSIBLE)
  @Description("Delete a JWT template for good; apps that ask for its tokens break.")
  @Route("DELETE /jwt_templates/{template_id}")
  @Risky(FEDERATION)
  @Loses("Applications that request its tokens break")
  @UndoneBy(
      value = "POST /jwt_templates",
      how = RECREATION,
      idIsKnown = false,
      without = "a signing key of its own, if it had one.")
  JsonNode delete(@Arg("jtmp_... or name") String templateId);

  /** The signature and lifetime of the tokens of a JWT template. */
  record JwtTemplateOptions(
      @Arg(value = "Seconds", min = 30, max = 315_360_000, clearable = true)
          @Nullable Integer lifetime,
      @Arg(value = "Seconds", min = 0, max = 300, clearable = true)
          @Nullable Integer allowedClockSkew,
      @Arg("Use the key given") @Nullable Boolean customSigningKey,
      @Arg(value = "E.g. RS256, HS256", clearable = true) @Nullable String signingAlgorithm,
      @Arg(value = "Private key", clearable = true, secret = true) @Nullable String signingKey) {}
}
