package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
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

/**
 * Clerk's endpoints for redirect URLs: where users of native applications may return to after
 * sign-in.
 */
@ToolGroup(
    id = "redirect_urls",
    description = "Redirect URLs: where native applications may be sent after sign-in")
@View(
    of = "redirect_url",
    row = {"id", "url"})
public interface RedirectUrlTools {

  @Tool(name = "clerk_redirect_urls_list", title = "List redirect URLs", effect = READ)
  @Description("List the allowed redirect URLs.")
  @Route("GET /redirect_urls?paginated=true")
  ListPage list(PageRequest page);

  @Tool(name = "clerk_redirect_url_get", title = "Get allowed redirect", effect = READ)
  @Description("One allowed redirect URL, by ID.")
  @Route("GET /redirect_urls/{id}")
  JsonNode get(@Arg("ru_... or URL") String id);

  @Tool(name = "clerk_redirect_url_create", title = "Add allowed redirect", effect = CREATE)
  @Description("Allow a redirect URL.")
  @Route("POST /redirect_urls")
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /redirect_urls/{id}", how = REMOVAL)
  JsonNode create(@Arg("https:// or custom scheme") String url);

  @Tool(name = "clerk_redirect_url_delete", title = "Remove allowed redirect", effect = DESTROY)
  @Description("Stop allowing a redirect URL; sign-in of apps that use it breaks.")
  @Route("DELETE /redirect_urls/{id}")
  @Risky(FEDERATION)
  @Loses("Native applications that use it can no longer sign in")
  @UndoneBy(value = "POST /redirect_urls", how = RECREATION, idIsKnown = false)
  JsonNode delete(@Arg("ru_... or URL") String id);
}
