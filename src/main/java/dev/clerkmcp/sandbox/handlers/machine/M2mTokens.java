package dev.clerkmcp.sandbox.handlers.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.Credentials;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Jwts;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles the M2M-token endpoints: tokens with which a machine calls other machines. Clerk
 * identifies the machine by its secret key. The sandbox gets the instance's key instead, and uses
 * the machine that was created last.
 */
public final class M2mTokens extends Resource {
  /**
   * Marks tokens of the format jwt. Clerk does not store them, so they cannot be listed or revoked.
   */
  private static final String JWT = "jwt";

  private final Credentials tokens;

  public M2mTokens(HandlerContext context) {
    super(context, ObjectKind.M2M_TOKEN, "/m2m_tokens");
    this.tokens = new Credentials(context, ObjectKind.M2M_TOKEN);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("POST /m2m_tokens/{m2m_token_id}/revoke", this::revoke)
        .on("POST /m2m_tokens/verify", request -> tokens.verify(request.field("token")));
  }

  @Override
  public JsonNode create(ApiRequest request) {
    ObjectNode machine = machine(request);
    JsonNode seconds =
        request.has("seconds_until_expiration")
            ? request.body().path("seconds_until_expiration")
            : IntNode.valueOf(machine.path("default_token_ttl").asInt());
    boolean opaque = !JWT.equals(request.text("token_format"));
    ObjectNode row =
        context
            .responseTemplate(request)
            .put("id", context.store().newHexId(ObjectKind.M2M_TOKEN.prefix()))
            .put("subject", machine.path("id").asText())
            .put("created_at", context.now())
            .put("updated_at", context.now());
    row.remove("token");
    if (request.has("claims")) {
      row.set("claims", request.body().path("claims"));
    }
    row.set("expiration", tokens.expiration(seconds));
    ArrayNode scopes = row.putArray("scopes");
    Machines.scopes(machine).forEach(scopes::add);
    ObjectNode same = opaque ? findReusable(request, row, seconds) : null;
    if (same != null) {
      return tokens.view(same).put("token", Credentials.secret(same));
    }
    if (!opaque) {
      HandlerContext.hidden(row).put(JWT, true);
    }
    String token = opaque ? context.store().newSecret("mt_sandbox") : jwt(row);
    return tokens.view(tokens.add(row, token)).put("token", token);
  }

  /** The machine whose key the request has; with the instance's own, the newest machine. */
  private ObjectNode machine(ApiRequest request) {
    String caller = request.machineId();
    if (caller != null) {
      return context.table(ObjectKind.MACHINE).get(caller);
    }
    return context.table(ObjectKind.MACHINE).stream()
        .max(Comparator.comparing(Resource::id))
        .orElseThrow(
            () ->
                ApiError.of(
                    400,
                    "bad_request",
                    "A token belongs to a machine, and the instance has none; create a machine."));
  }

  private String jwt(ObjectNode row) {
    ObjectNode claims = Json.object();
    if (row.path("claims") instanceof ObjectNode own) {
      claims.setAll(own);
    }
    claims
        .put("iss", Jwts.ISSUER)
        .put("sub", row.path("subject").asText())
        .put("jti", id(row))
        .put("scopes", String.join(" ", HandlerContext.texts(row.path("scopes"))))
        .put("iat", context.now() / 1000)
        .put("nbf", context.now() / 1000 - 10)
        .put("exp", row.path("expiration").asLong(context.now()) / 1000);
    return context.jwts().sign(claims, Jwts.MACHINE);
  }

  private @Nullable ObjectNode findReusable(
      ApiRequest request, ObjectNode wanted, JsonNode seconds) {
    if (!request.has("min_remaining_ttl_seconds")) {
      return null;
    }
    long remaining = request.body().path("min_remaining_ttl_seconds").asLong();
    if (remaining >= seconds.asLong()) {
      throw ApiError.of(
          400,
          "bad_request",
          "min_remaining_ttl_seconds must be less than the %s seconds that a new token lasts.",
          seconds.asLong());
    }
    return tokens.table().stream()
        .filter(row -> isKept(row) && tokens.isValid(row))
        .filter(
            row ->
                List.of("subject", "claims", "scopes").stream()
                    .allMatch(field -> row.path(field).equals(wanted.path(field))))
        .filter(row -> row.path("expiration").asLong() - context.now() >= remaining * 1000)
        .findFirst()
        .orElse(null);
  }

  @Override
  public JsonNode list(ApiRequest request) {
    String subject = request.query().path("subject").asText();
    context.table(ObjectKind.MACHINE).get(subject);
    boolean revoked = request.query().path("revoked").asBoolean();
    boolean expired = request.query().path("expired").asBoolean();
    JsonNode page =
        page(
            request,
            rows.where("subject", subject).stream()
                .filter(M2mTokens::isKept)
                .filter(row -> revoked || !row.path("revoked").asBoolean())
                .filter(row -> expired || !tokens.isExpired(row)));
    ObjectNode answer = Json.object();
    answer.set("m2m_tokens", page.path("data"));
    return answer.put("total_count", page.path("total_count").asInt());
  }

  private JsonNode revoke(ApiRequest request) {
    String id = request.variable("m2m_token_id");
    if (!isKept(tokens.table().get(id))) {
      throw ApiError.notFound(ObjectKind.M2M_TOKEN.object(), id);
    }
    return tokens.revoke(id, request);
  }

  /** The list itself selects. */
  @Override
  public boolean selects(String parameter) {
    return false;
  }

  @Override
  protected ObjectNode current(ObjectNode row) {
    return tokens.view(row);
  }

  private static boolean isKept(ObjectNode row) {
    return !row.path(Store.HIDDEN).path(JWT).asBoolean();
  }
}
