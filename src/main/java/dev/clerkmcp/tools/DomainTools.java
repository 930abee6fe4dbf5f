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
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the domains of the instance. */
@ToolGroup(
    id = "domains",
    description = "Domains: where the instance's application runs, primary and satellites")
@View(
    of = "domain",
    row = {"id", "name", "frontend_api_url", "proxy_url"},
    flags = "satellite = is_satellite")
public interface DomainTools {

  @Tool(name = "clerk_domains_list", title = "List domains", effect = READ)
  @Description("List all domains with the DNS records they need.")
  @Route("GET /domains")
  ListPage list();

  @Tool(name = "clerk_domain_create", title = "Add satellite domain", effect = CREATE)
  @Description("Add a satellite domain; set up its DNS.")
  @Route("POST /domains")
  @Risky(FEDERATION)
  @UndoneBy(value = "DELETE /domains/{domain_id}", how = REMOVAL)
  JsonNode create(
      @Arg("E.g. example.com") String name,
      @Arg("Must be true") boolean isSatellite,
      @Arg("Full URL; production only") @Nullable String proxyUrl);

  @Tool(name = "clerk_domain_update", title = "Change domain", effect = DESTROY)
  @Description("Change a domain. A new primary name means downtime until DNS is set up.")
  @Route("PATCH /domains/{domain_id}")
  @Risky(FEDERATION)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("dmn_... or name") String domainId,
      @Arg(value = "E.g. example.com", clearable = true) @Nullable String name,
      @Arg(value = "Full URL; production only", clearable = true) @Nullable String proxyUrl,
      @Arg("For a second app") @Nullable Boolean isSecondary);

  @Tool(name = "clerk_domain_delete", title = "Delete satellite domain", effect = IRREVERSIBLE)
  @Description("Delete a satellite domain for good; sign-in there stops.")
  @Route("DELETE /domains/{domain_id}")
  @Risky(FEDERATION)
  @Loses("Sign-in on this domain stops")
  @UndoneBy(
      value = "POST /domains",
      how = RECREATION,
      without = "its DNS and certificate set-up, which has to be verified again.")
  JsonNode delete(@Arg("dmn_... or name") String domainId);
}
