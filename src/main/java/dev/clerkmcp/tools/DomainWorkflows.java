package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;

/** Gets one domain, for which Clerk has no endpoint. */
@ToolGroup(id = "domains")
public final class DomainWorkflows {
  private final DomainTools domains;

  public DomainWorkflows(DomainTools domains) {
    this.domains = domains;
  }

  @Tool(name = "clerk_domain_get", title = "Get domain", effect = READ)
  @Description("One domain of the instance, by ID or name.")
  public JsonNode get(@Arg("dmn_... or name") String domainId) {
    for (JsonNode domain : domains.list().data()) {
      if (domain.path("id").asText().equals(domainId)) {
        return domain;
      }
    }
    throw ClerkException.notFound("The instance has no domain %s.".formatted(domainId));
  }
}
