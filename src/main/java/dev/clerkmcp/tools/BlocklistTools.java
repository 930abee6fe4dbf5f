package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.TakesAway;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;

/** Clerk's endpoints for the blocklist: the identifiers that may not sign up. */
@ToolGroup(
    id = "blocklist",
    description = "Blocklist: identifiers that may not sign up, while it is switched on")
@View(
    of = "blocklist_identifier",
    row = {"id", "identifier", "created_at"},
    except = {"identifier_type", "instance_id"})
public interface BlocklistTools {

  @Tool(
      name = "clerk_blocklists_list",
      title = "List blocklist",
      effect = READ,
      aliases = "clerk_blocklist_list")
  @Description("List identifiers that may not sign up.")
  @Route("GET /blocklist_identifiers")
  ListPage list();

  @InternalEndpoint(CREATE)
  @Route("POST /blocklist_identifiers")
  @Risky(FEDERATION)
  @TakesAway
  @UndoneBy(value = "DELETE /blocklist_identifiers/{identifier_id}", how = REMOVAL)
  JsonNode create(@Arg("Email, *@domain, phone or wallet") String identifier);

  @Tool(name = "clerk_blocklist_delete", title = "Remove from blocklist", effect = DESTROY)
  @Description("Remove an identifier from the blocklist.")
  @Route("DELETE /blocklist_identifiers/{identifier_id}")
  @Risky(FEDERATION)
  @Loses("May sign up again")
  @UndoneBy(value = "POST /blocklist_identifiers", how = RECREATION, idIsKnown = false)
  JsonNode delete(@Arg("blid_... or value") String identifierId);
}
