package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;

/** Tokens of links with which an organization's administrators set up their sign-in themselves. */
final class AdminPortalLinkTokens {
  private final HandlerContext instance;
  private final Credentials tokens;

  AdminPortalLinkTokens(HandlerContext instance) {
    this.instance = instance;
    this.tokens = new Credentials(instance, ObjectKind.ADMIN_PORTAL_LINK_TOKEN);
  }

  void register(Routes on) {
    on.on("POST /admin_portal_link_tokens", this::create)
        .on(
            "POST /admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke",
            call -> tokens.revoke(call.variable("adminPortalLinkTokenID"), call));
  }

  private JsonNode create(ApiRequest call) {
    String organizationId = call.text("organization_id");
    if (organizationId != null) {
      instance.table(ObjectKind.ORGANIZATION).get(organizationId);
    }
    JsonNode seconds = IntNode.valueOf(call.body().path("seconds_until_expiration").asInt(3600));
    ObjectNode row =
        instance
            .blankAnswer(call)
            .put("id", instance.store().newHexId(ObjectKind.ADMIN_PORTAL_LINK_TOKEN.prefix()))
            .put("admin_portal_link_id", instance.store().newId("apl_"))
            .put("instance_id", HandlerContext.ID)
            .put("created_at", instance.now())
            .put("updated_at", instance.now());
    row.remove("token");
    for (String field : List.of("it_contact_id", "organization_id", "scopes")) {
      if (call.has(field)) {
        row.set(field, call.body().path(field));
      }
    }
    row.set("expiration", tokens.expiration(seconds));
    String token = instance.store().newSecret("admin_portal_link_token");
    return tokens.view(tokens.add(row, token)).put("token", token);
  }
}
