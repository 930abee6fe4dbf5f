package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Jwts;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the claims of session tokens, and those that a JWT template adds: its texts may have
 * shortcodes such as {@code {{user.public_metadata.plan}}}, with alternatives after two bars.
 */
final class TokenClaims {
  private static final Pattern SHORTCODE = Pattern.compile("\\{\\{(.*?)}}");

  private final HandlerContext context;
  private final Table users;

  TokenClaims(HandlerContext context) {
    this.context = context;
    this.users = context.table(ObjectKind.USER);
  }

  /** The claims of a session's own token. */
  ObjectNode ofSession(ObjectNode session, long lifetimeSeconds) {
    ObjectNode claims = registered(session, lifetimeSeconds).put("sid", text(session, "id"));
    claims.putArray("fva").add(0).add(-1);
    claims.put("sts", text(session, "status"));
    ObjectNode membership = findMembership(session);
    if (membership != null) {
      ObjectNode organization = organization(membership);
      claims
          .put("org_id", text(organization, "id"))
          .put("org_slug", text(organization, "slug"))
          .put("org_role", text(membership, "role"));
      ArrayNode permissions = claims.putArray("org_permissions");
      HandlerContext.texts(role(membership).path("permission_keys")).stream()
          .filter(key -> !key.startsWith("org:sys_")) // tokens have only an application's own
          .forEach(permissions::add);
    }
    if (session.path("actor").isObject()) {
      claims.set("act", session.get("actor"));
    }
    return claims;
  }

  /** The claims of a token that is made from a template. */
  ObjectNode ofTemplate(ObjectNode template, ObjectNode session, long lifetimeSeconds) {
    ObjectNode claims = registered(session, lifetimeSeconds);
    ObjectNode known = known(session);
    for (Map.Entry<String, JsonNode> claim : template.path("claims").properties()) {
      claims.set(claim.getKey(), filledIn(claim.getValue(), known));
    }
    return claims;
  }

  private ObjectNode registered(ObjectNode session, long lifetimeSeconds) {
    long now = context.now() / 1000;
    return Json.object()
        .put("iss", Jwts.ISSUER)
        .put("sub", text(session, "user_id"))
        .put("jti", context.store().newHexId(""))
        .put("iat", now)
        .put("nbf", now - 10)
        .put("exp", now + lifetimeSeconds);
  }

  /** What shortcodes can name. */
  private ObjectNode known(ObjectNode session) {
    ObjectNode known = Json.object();
    ObjectNode row = users.get(text(session, "user_id"));
    ObjectNode user = row.deepCopy();
    ClerkUser names = new ClerkUser(row);
    user.put("full_name", names.name())
        .put("primary_email_address", Identifications.findPrimary(row, Identifier.EMAIL_ADDRESS))
        .put("primary_phone_number", Identifications.findPrimary(row, Identifier.PHONE_NUMBER))
        .put("primary_web3_wallet", Identifications.findPrimary(row, Identifier.WEB3_WALLET));
    known.set("user", user);
    known.set("session", session);
    ObjectNode membership = findMembership(session);
    if (membership != null) {
      ObjectNode organization = organization(membership).deepCopy();
      organization.set("role", membership.path("role"));
      known.set("org", organization);
      known.set("org_membership", membership);
    }
    return known;
  }

  /** A claim with values for its shortcodes; a text that is one shortcode has the value's type. */
  private static JsonNode filledIn(JsonNode claim, ObjectNode known) {
    if (claim instanceof ObjectNode object) {
      ObjectNode filled = Json.object();
      object.properties().forEach(own -> filled.set(own.getKey(), filledIn(own.getValue(), known)));
      return filled;
    }
    if (claim.isArray()) {
      ArrayNode filled = Json.array();
      claim.forEach(item -> filled.add(filledIn(item, known)));
      return filled;
    }
    if (!claim.isTextual()) {
      return claim;
    }
    Matcher shortcode = SHORTCODE.matcher(claim.asText());
    if (shortcode.matches()) {
      return value(shortcode.group(1), known);
    }
    return TextNode.valueOf(
        shortcode.replaceAll(
            found -> {
              JsonNode value = value(found.group(1), known);
              return Matcher.quoteReplacement(value.isNull() ? "" : value.asText());
            }));
  }

  /** The value of the first alternative that has one; null if none has. */
  private static JsonNode value(String shortcode, ObjectNode known) {
    for (String alternative : List.of(shortcode.split("\\|\\|", -1))) {
      String wanted = alternative.strip();
      if (wanted.matches("'.*'|\".*\"")) {
        return TextNode.valueOf(wanted.substring(1, wanted.length() - 1));
      }
      JsonNode value = known;
      for (String key : List.of(wanted.split("\\.", -1))) {
        value = value.path(key);
      }
      if (!value.isMissingNode() && !value.isNull()) {
        return value;
      }
    }
    return NullNode.getInstance();
  }

  /** The membership of the session's user in its active organization, or null. */
  private @Nullable ObjectNode findMembership(ObjectNode session) {
    String organization = text(session, "last_active_organization_id");
    return context
        .table(ObjectKind.ORGANIZATION_MEMBERSHIP)
        .where("user_id", text(session, "user_id"))
        .stream()
        .filter(row -> text(row, "organization_id").equals(organization))
        .findFirst()
        .orElse(null);
  }

  private ObjectNode organization(ObjectNode membership) {
    return context.table(ObjectKind.ORGANIZATION).get(text(membership, "organization_id"));
  }

  private ObjectNode role(ObjectNode membership) {
    ObjectNode role = context.table(ObjectKind.ROLE).findBy("key", text(membership, "role"));
    return role == null ? Json.object() : role;
  }

  private static String text(JsonNode row, String field) {
    return row.path(field).asText("");
  }
}
