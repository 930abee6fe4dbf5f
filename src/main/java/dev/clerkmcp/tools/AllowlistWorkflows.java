package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** Adds to the allowlist, and switches it on if it is wanted. */
@ToolGroup(id = "allowlist")
public final class AllowlistWorkflows {
  private final AllowlistTools allowlist;
  private final InstanceTools instance;

  public AllowlistWorkflows(AllowlistTools allowlist, InstanceTools instance) {
    this.allowlist = allowlist;
    this.instance = instance;
  }

  @Tool(
      name = "clerk_allowlist_create",
      title = "Add to allowlist",
      effect = CREATE,
      openWorld = true,
      always = FEDERATION,
      sends = {"PATCH /instance/restrictions", "POST /allowlist_identifiers"})
  @Description("Let an identifier sign up; entries count only while the list is on.")
  public JsonNode create(
      @Arg("Email, *@domain, phone or wallet") String identifier,
      @Arg("Send an invitation; default false") @Nullable Boolean notify,
      @Arg("Switch the list on too; keeps all others out") @Nullable Boolean turnOn) {
    return SwitchedOn.with(
        allowlist.create(identifier, notify),
        turnOn,
        () -> instance.updateRestrictions(true, null, null, null, null));
  }
}
