package dev.clerkmcp.workflows.instance;

import static dev.clerkmcp.registry.Effect.DESTROY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.tools.InstanceTools;

/** Shows the sign-up restrictions, for which Clerk has no operation that reads. */
@ToolGroup(id = "instance")
public final class RestrictionWorkflows {
  private final InstanceTools instance;

  public RestrictionWorkflows(InstanceTools instance) {
    this.instance = instance;
  }

  // The effect of the operation that it sends: by Clerk's description an empty change changes
  // nothing and answers the settings, but that is not documented as a way to read them.
  @Tool(
      name = "clerk_instance_restrictions_get",
      title = "Get sign up restrictions",
      effect = DESTROY,
      sends = "PATCH /instance/restrictions",
      aliases = "clerk_restrictions_get")
  @Description(
      "The sign-up restrictions. Clerk cannot read them: sends an empty change, which answers them.")
  public JsonNode restrictions() {
    return instance.updateRestrictions(null, null, null, null, null);
  }
}
