package dev.clerkmcp.sandbox.handlers.enterprise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.Credentials;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;

/**
 * Handles the endpoint of admin-portal tokens: links with which an organization's admins configure
 * its sign-in themselves.
 */
public final class AdminPortalLinkTokens {
  private final HandlerContext context;
  private final Credentials tokens;

  public AdminPortalLinkTokens(HandlerContext context) {
    this.context = context;
    this.tokens = new Credentials(context, ObjectKind.ADMIN_PORTAL_LINK_TOKEN);
  }

  public void register(Routes routes) {
    routes
        .on("POST /admin_portal_link_tokens", this::create)
        .on(
            "POST /admin_portal_link_tokens/{adminPortalLinkTokenID}/revoke",
            request -> tokens.revoke(request.variable("adminPortalLinkTokenID"), request));
  }

  private JsonNode create(ApiRequest request) {
    String organizationId = request.text("organization_id");
    if (organizationId != null) {
      context.table(ObjectKind.ORGANIZATION).get(organizationId);
    }
    JsonNode seconds = IntNode.valueOf(request.body().path("seconds_until_expiration").asInt(3600));
    ObjectNode row =
        context
            .responseTemplate(request)
            .put("id", context.store().newHexId(ObjectKind.ADMIN_PORTAL_LINK_TOKEN.prefix()))
            .put("admin_portal_link_id", context.store().newId("apl_"))
            .put("instance_id", HandlerContext.INSTANCE_ID)
            .put("created_at", context.now())
            .put("updated_at", context.now());
    row.remove("token");
    for (String field : List.of("it_contact_id", "organization_id", "scopes")) {
      if (request.has(field)) {
        row.set(field, request.body().path(field));
      }
    }
    row.set("expiration", tokens.expiration(seconds));
    String token = context.store().newSecret("admin_portal_link_token");
    return tokens.view(tokens.add(row, token)).put("token", token);
  }
}
