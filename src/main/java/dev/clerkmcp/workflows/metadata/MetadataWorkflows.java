package dev.clerkmcp.workflows.metadata;

import static dev.clerkmcp.registry.Effect.UPDATE;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationExtras;
import dev.clerkmcp.tools.OrganizationTools.OrganizationMetadata;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserMetadata;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes the metadata of a user or an organization and returns only the differences. */
@ToolGroup(id = "workflows")
public final class MetadataWorkflows {
  private final UserTools users;
  private final OrganizationTools organizations;

  public MetadataWorkflows(UserTools users, OrganizationTools organizations) {
    this.users = users;
    this.organizations = organizations;
  }

  // The effect is that of a merge. A replacement sends a request with an effect of its own, which
  // access, policy and confirmation check.
  @Tool(
      name = "clerk_metadata_set",
      title = "Set metadata",
      effect = UPDATE,
      core = true,
      sends = {
        "PATCH /organizations/{organization_id}/metadata",
        "PATCH /users/{user_id}/metadata",
        "PUT /organizations/{organization_id}/metadata",
        "PUT /users/{user_id}/metadata"
      })
  @Description(
      "Change metadata of a user or an organization and see only the differences. Null deletes a"
          + " key.")
  public JsonNode set(
      @Arg("user_..., or organization_id") @Nullable String userId,
      @Arg("org_...") @Nullable String organizationId,
      PartialUpdate<UserMetadata> metadata,
      @Arg("Default merge; replace loses all keys not given") @Nullable MetadataMode mode,
      @Arg("Keys as dotted paths: public_metadata.plan.name") @Nullable List<String> remove) {
    if ((userId == null) == (organizationId == null)) {
      throw InvalidArgumentsException.of(
          "user_id", "or organization_id must be given, and not both");
    }
    boolean replace = mode == MetadataMode.REPLACE;
    List<String> paths = remove == null ? List.of() : remove;
    checkGiven(metadata, replace, paths);
    return userId != null
        ? ofUser(userId, metadata.json(), replace, paths)
        : ofOrganization(String.valueOf(organizationId), metadata.json(), replace, paths);
  }

  private ObjectNode ofUser(String id, ObjectNode given, boolean replace, List<String> remove) {
    MetadataChange change =
        MetadataChange.of(users.get(id), FieldCatalog.USER_METADATA, given, replace, remove);
    PartialUpdate<UserMetadata> sent = new PartialUpdate<>(change.sent());
    return made(
        Json.object().put("user_id", id),
        change,
        () -> replace ? users.replaceMetadata(id, sent) : users.mergeMetadata(id, sent));
  }

  private ObjectNode ofOrganization(
      String id, ObjectNode given, boolean replace, List<String> remove) {
    MetadataChange change =
        MetadataChange.of(
            organizations.get(id, OrganizationExtras.NONE),
            FieldCatalog.ORGANIZATION_METADATA,
            given,
            replace,
            remove);
    PartialUpdate<OrganizationMetadata> sent = new PartialUpdate<>(change.sent());
    return made(
        Json.object().put("organization_id", id),
        change,
        () ->
            replace
                ? organizations.replaceMetadata(id, sent)
                : organizations.mergeMetadata(id, sent));
  }

  private static ObjectNode made(
      ObjectNode answer, MetadataChange change, Supplier<JsonNode> send) {
    Invocation.current().checkCancelled();
    if (change.sent().isEmpty()) {
      Invocation.current().note("The metadata already has these values; nothing was changed.");
      return answer.set("changed", change.rows());
    }
    JsonNode unused =
        send.get(); // Clerk returns the whole object; the answer has only the differences
    return answer.set("changed", change.rows());
  }

  private static void checkGiven(
      PartialUpdate<UserMetadata> metadata, boolean replace, List<String> paths) {
    if (metadata.json().isEmpty() && paths.isEmpty()) {
      throw InvalidArgumentsException.of(
          "public_metadata",
          "or private_metadata, unsafe_metadata or remove must be given; there is nothing to set");
    }
    if (replace && !paths.isEmpty()) {
      throw InvalidArgumentsException.of(
          "remove", "cannot be combined with mode replace, which loses all keys not given");
    }
  }

  /** How keys are treated that the new metadata does not have. */
  public enum MetadataMode {
    /** They stay. */
    @JsonProperty("merge")
    MERGE,
    /** They are lost. */
    @JsonProperty("replace")
    REPLACE
  }
}
