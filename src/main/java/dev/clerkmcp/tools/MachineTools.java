package dev.clerkmcp.tools;

import static dev.clerkmcp.registry.Effect.CREATE;
import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE;
import static dev.clerkmcp.registry.Effect.IRREVERSIBLE_EACH_TIME;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.REVEAL;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static dev.clerkmcp.registry.OperationFacts.Risk.CREDENTIAL;
import static dev.clerkmcp.registry.OperationFacts.Risk.PRIVILEGE;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.PREVIOUS_VALUES;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECONNECTION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.RECREATION;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL;
import static dev.clerkmcp.registry.OperationFacts.UndoMethod.REMOVAL_WITH_CONTENTS;
import static dev.clerkmcp.tools.FactTexts.ROTATED;
import static dev.clerkmcp.tools.FactTexts.STAYS_KNOWN;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.OperationFacts.NotUndone;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clerk's endpoints for machines, which authenticate to each other with tokens. */
@ToolGroup(
    id = "machines",
    description = "Machines: services that call each other, their secrets and tokens (M2M)")
@View(
    of = "machine",
    row = {"id", "name", "default_token_ttl", "created_at"},
    except = "instance_id")
public interface MachineTools {

  @Tool(name = "clerk_machines_list", title = "List machines", effect = READ)
  @Description("List machines and the machines each may call.")
  @Route("GET /machines")
  ListPage list(
      @Arg("ID, or part of name") @Nullable String query,
      @Arg("name, -created_at (default)") @Nullable String orderBy,
      PageRequest page);

  @Tool(name = "clerk_machine_get", title = "Get machine", effect = READ)
  @Description("One machine, without its key.")
  @Route("GET /machines/{machine_id}")
  JsonNode get(@Arg("mch_... or name") String machineId);

  @Tool(name = "clerk_machine_create", title = "Create machine", effect = CREATE)
  @Description("Create a machine; its secret_key in the answer is a credential.")
  @Route("POST /machines")
  @Risky(CREDENTIAL)
  @UndoneBy(value = "DELETE /machines/{machine_id}", how = REMOVAL_WITH_CONTENTS)
  @Secret(value = "secret_key", kept = true)
  JsonNode create(
      @Arg(value = "Max 255 characters", min = 1, max = 255) String name,
      @Arg(value = "IDs or names of machines it may call", max = 150)
          @Nullable List<String> scopedMachines,
      @Arg(value = "Seconds; default 3600", min = 1, max = 315_360_000)
          @Nullable Integer defaultTokenTtl);

  @Tool(name = "clerk_machine_update", title = "Change machine", effect = UPDATE)
  @Description("Rename a machine, or change how long its new tokens last.")
  @Route("PATCH /machines/{machine_id}")
  @Risky(CREDENTIAL)
  @UndoneBy(how = PREVIOUS_VALUES)
  JsonNode update(
      @Arg("mch_... or name") String machineId,
      @Arg(value = "Max 255 characters", min = 1, max = 255) @Nullable String name,
      @Arg(value = "Seconds", min = 1, max = 315_360_000) @Nullable Integer defaultTokenTtl);

  @Tool(name = "clerk_machine_delete", title = "Delete machine", effect = IRREVERSIBLE)
  @Description("Delete a machine for good; its key stops working.")
  @Route("DELETE /machines/{machine_id}")
  @Risky(CREDENTIAL)
  @Loses("Its secret key and its tokens stop working")
  @UndoneBy(
      value = "POST /machines",
      how = RECREATION,
      without = "its secret key, its tokens, and the scopes that others had to it.")
  JsonNode delete(@Arg("mch_... or name") String machineId);

  @Tool(name = "clerk_machine_secret_get", title = "Get machine secret key", effect = REVEAL)
  @Description("A machine's secret key: a credential.")
  @Route("GET /machines/{machine_id}/secret_key")
  @Risky(CREDENTIAL)
  @NotUndone(STAYS_KNOWN)
  @Secret(value = "secret", kept = true)
  JsonNode getSecretKey(@Arg("mch_... or name") String machineId);

  @Tool(
      name = "clerk_machine_secret_rotate",
      title = "Rotate machine secret key",
      effect = IRREVERSIBLE_EACH_TIME)
  @Description("Issue a new secret key, a credential; the old one ends after previous_token_ttl.")
  @Route("POST /machines/{machine_id}/secret_key/rotate")
  @Risky(CREDENTIAL)
  @Loses("The old secret key stops working after previous_token_ttl")
  @NotUndone(ROTATED)
  @Secret(value = "secret", kept = true)
  JsonNode rotateSecretKey(
      @Arg("mch_... or name") String machineId,
      @Arg(value = "Seconds; 0 ends it now", min = 0, max = 28_800) int previousTokenTtl);

  @Tool(name = "clerk_machine_scope_create", title = "Create machine scope", effect = CREATE)
  @Description("Let one machine call another; up to 150 each.")
  @Route("POST /machines/{machine_id}/scopes")
  @Risky(PRIVILEGE)
  @UndoneBy(value = "DELETE /machines/{machine_id}/scopes/{other_machine_id}", how = REMOVAL)
  JsonNode createScope(
      @Arg("Calling machine (mch_...)") String machineId,
      @Arg("Called machine (mch_...)") String toMachineId);

  @Tool(name = "clerk_machine_scope_delete", title = "Delete machine scope", effect = DESTROY)
  @Description("Stop letting one machine call another.")
  @Route("DELETE /machines/{machine_id}/scopes/{other_machine_id}")
  @Risky(PRIVILEGE)
  @Loses("The machine can no longer call the other machine")
  @UndoneBy(value = "POST /machines/{machine_id}/scopes", how = RECONNECTION)
  JsonNode deleteScope(
      @Arg("Calling machine (mch_...)") String machineId,
      @Arg("Called machine (mch_...)") String otherMachineId);
}
