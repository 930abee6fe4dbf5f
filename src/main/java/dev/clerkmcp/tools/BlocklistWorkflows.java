package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.FEDERATION;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** Adds to the blocklist, and switches it on if it is wanted. */
@ToolGroup(id = "blocklist")
public final class BlocklistWorkflows {
  private final BlocklistTools blocklist;
  private final InstanceTools instance;

  public BlocklistWorkflows(BlocklistTools blocklist, InstanceTools instance) {
    this.blocklist = blocklist;
    this.instance = instance;
  }

  @Tool(
      name = "clerk_blocklist_create",
      title = "Add to blocklist",
      effect = CREATE,
      core = true,
      always = FEDERATION,
      sends = {"PATCH /instance/restrictions", "POST /blocklist_identifiers"})
  @Description("Block an identifier at sign-up; entries count only while the list is on.")
  public JsonNode create(
      @Arg("Email, *@domain, phone or wallet") String identifier,
      @Arg("Switch the list on too") @Nullable Boolean turnOn) {
    return SwitchedOn.with(
        blocklist.create(identifier),
        turnOn,
        () -> instance.updateRestrictions(null, true, null, null, null));
  }
}
