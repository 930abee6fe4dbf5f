package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.world.Kind;
import java.util.List;

/** Tokens of links with which an organization's administrators set up their sign-in themselves. */
final class AdminPortalLinkTokens {
  private final Instance instance;
  private final Credentials tokens;

  AdminPortalLinkTokens(Instance instance) {
    this.instance = instance;
    this.tokens = new Credentials(instance, Kind.ADMIN_PORTAL_LINK_TOKEN);
  }

  void register(Routes on) {
    on.on("POST /admin_portal_link_tokens", this::create)
        .on(
            "POST /admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke",
            call -> tokens.revoke(call.variable("adminPortalLinkTokenID"), call));
  }

  private JsonNode create(Call call) {
    String organizationId = call.text("organization_id");
    if (organizationId != null) {
      instance.table(Kind.ORGANIZATION).get(organizationId);
    }
    JsonNode seconds = IntNode.valueOf(call.body().path("seconds_until_expiration").asInt(3600));
    ObjectNode row =
        instance
            .blankAnswer(call)
            .put("id", instance.world().newHexId(Kind.ADMIN_PORTAL_LINK_TOKEN.prefix()))
            .put("admin_portal_link_id", instance.world().newId("apl_"))
            .put("instance_id", Instance.ID)
            .put("created_at", instance.now())
            .put("updated_at", instance.now());
    row.remove("token");
    for (String field : List.of("it_contact_id", "organization_id", "scopes")) {
      if (call.has(field)) {
        row.set(field, call.body().path(field));
      }
    }
    row.set("expiration", tokens.expiration(seconds));
    String token = instance.world().newSecret("admin_portal_link_token");
    return tokens.view(tokens.add(row, token)).put("token", token);
  }
}
