package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.OperationFacts.Dependent.LAST_ALLOWED;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.InternalEndpoint;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.Notifies;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for the allowlist: the identifiers that may sign up. */
@ToolGroup(
    id = "allowlist",
    description = "Allowlist: the only identifiers that may sign up, while it is switched on")
@View(
    of = "allowlist_identifier",
    row = {"id", "identifier", "invitation_id", "created_at"},
    except = {"identifier_type", "instance_id"})
public interface AllowlistTools {

  @Tool(
      name = "clerk_allowlists_list",
      title = "List allowlist",
      effect = READ,
      aliases = "clerk_allowlist_list")
  @Description("List the identifiers that may sign up.")
  @Route("GET /allowlist_identifiers?paginated=true")
  ListPage list(PageRequest page);

  @InternalEndpoint(CREATE)
  @Route("POST /allowlist_identifiers")
  @Notifies(when = "notify = true")
  @Risky(FEDERATION)
  @UndoneBy(
      value = "DELETE /allowlist_identifiers/{identifier_id}",
      how = REMOVAL,
      without = "the invitation that notify sent.")
  JsonNode create(
      @Arg("Email, *@domain, phone or wallet") String identifier,
      @Arg("Send an invitation; default false") @Nullable Boolean notify);

  @Tool(name = "clerk_allowlist_delete", title = "Remove from allowlist", effect = DESTROY)
  @Description("Remove an identifier. An enabled but empty list locks everyone out.")
  @Route("DELETE /allowlist_identifiers/{identifier_id}")
  @Risky(FEDERATION)
  @Loses(value = "May no longer sign up while the allowlist is on", also = LAST_ALLOWED)
  @UndoneBy(value = "POST /allowlist_identifiers", how = RECREATION, idIsKnown = false)
  JsonNode delete(@Arg("alid_... or value") String identifierId);
}
