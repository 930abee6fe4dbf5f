package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.IDENTITY;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for sign-up attempts. */
@ToolGroup(id = "sign_ups", description = "Sign-ups: attempts to become a user, and what they lack")
public interface SignUpTools {

  @Tool(name = "clerk_sign_up_get", title = "Get sign up attempt", effect = READ)
  @Description("One sign-up attempt, by ID: its status and what is missing.")
  @Route("GET /sign_ups/{id}")
  JsonNode get(@Arg("sua_...") String id);

  @Tool(name = "clerk_sign_up_update", title = "Change sign up attempt", effect = UPDATE)
  @Description("Change a sign-up attempt; the user gets its external_id.")
  @Route("PATCH /sign_ups/{id}")
  @Risky(value = IDENTITY, when = "external_id")
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("sua_...") String id,
      @Arg(value = "Your own ID", clearable = true) @Nullable String externalId,
      @Arg("Mark as custom action") @Nullable Boolean customAction);
}
