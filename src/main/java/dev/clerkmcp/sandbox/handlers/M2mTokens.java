package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens with which a machine calls others. Clerk knows the machine by the secret key that it
 * sends; the sandbox, which gets the instance's key, takes the machine that was created last.
 */
final class M2mTokens {
  /**
   * Clerk does not keep tokens of the format jwt, so that they can be neither listed nor revoked.
   */
  private static final String JWT = "jwt";

  private final HandlerContext instance;
  private final Credentials tokens;

  M2mTokens(HandlerContext instance) {
    this.instance = instance;
    this.tokens = new Credentials(instance, ObjectKind.M2M_TOKEN);
  }

  void register(Routes on) {
    on.on("POST /m2m_tokens", this::create)
        .on("GET /m2m_tokens", this::list)
        .on("POST /m2m_tokens/{m2m_token_id}/revoke", this::revoke)
        .on("POST /m2m_tokens/verify", call -> tokens.verify(call.body().path("token").asText()));
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode machine =
        instance.table(ObjectKind.MACHINE).stream()
            .max(Comparator.comparing(row -> row.path("id").asText()))
            .orElseThrow(
                () ->
                    ApiError.of(
                        400,
                        "bad_request",
                        "A token belongs to a machine, and there is none; create a machine."));
    JsonNode seconds =
        call.has("seconds_until_expiration")
            ? call.body().path("seconds_until_expiration")
            : IntNode.valueOf(machine.path("default_token_ttl").asInt());
    boolean opaque = !JWT.equals(call.text("token_format"));
    ObjectNode row =
        instance
            .blankAnswer(call)
            .put("id", instance.store().newHexId(ObjectKind.M2M_TOKEN.prefix()))
            .put("subject", machine.path("id").asText())
            .put("created_at", instance.now())
            .put("updated_at", instance.now());
    row.remove("token");
    if (call.has("claims")) {
      row.set("claims", call.body().path("claims"));
    }
    row.set("expiration", tokens.expiration(seconds));
    ArrayNode scopes = row.putArray("scopes");
    Machines.scopes(machine).forEach(scopes::add);
    ObjectNode same = opaque ? findReusable(call, row, seconds) : null;
    if (same != null) {
      return tokens.view(same).put("token", Credentials.secret(same));
    }
    if (!opaque) {
      HandlerContext.hidden(row).put(JWT, true);
    }
    String token = instance.store().newSecret(opaque ? "m2m_token" : "m2m_token_jwt");
    return tokens.view(tokens.add(row, token)).put("token", token);
  }

  private @Nullable ObjectNode findReusable(ApiRequest call, ObjectNode wanted, JsonNode seconds) {
    if (!call.has("min_remaining_ttl_seconds")) {
      return null;
    }
    long remaining = call.body().path("min_remaining_ttl_seconds").asLong();
    if (remaining >= seconds.asLong()) {
      throw ApiError.of(
          400,
          "bad_request",
          "min_remaining_ttl_seconds must be less than the %s seconds that a new token lasts."
              .formatted(seconds.asLong()));
    }
    return tokens.table().stream()
        .filter(row -> isKept(row) && tokens.isValid(row))
        .filter(
            row ->
                List.of("subject", "claims", "scopes").stream()
                    .allMatch(field -> row.path(field).equals(wanted.path(field))))
        .filter(row -> row.path("expiration").asLong() - instance.now() >= remaining * 1000)
        .findFirst()
        .orElse(null);
  }

  private JsonNode list(ApiRequest call) {
    String subject = call.query().path("subject").asText();
    instance.table(ObjectKind.MACHINE).get(subject);
    boolean revoked = call.query().path("revoked").asBoolean();
    boolean expired = call.query().path("expired").asBoolean();
    List<ObjectNode> rows =
        tokens.table().stream()
            .filter(M2mTokens::isKept)
            .filter(row -> row.path("subject").asText().equals(subject))
            .filter(row -> revoked || !row.path("revoked").asBoolean())
            .filter(row -> expired || !tokens.isExpired(row))
            .sorted(SortOrder.of(call, "-created_at", List.of("created_at")).comparator())
            .map(tokens::view)
            .toList();
    JsonNode page = instance.page(call, rows);
    ObjectNode answer = Json.object();
    answer.set("m2m_tokens", page.path("data"));
    return answer.put("total_count", page.path("total_count").asInt());
  }

  private JsonNode revoke(ApiRequest call) {
    String id = call.variable("m2m_token_id");
    if (!isKept(tokens.table().get(id))) {
      throw ApiError.notFound(ObjectKind.M2M_TOKEN.object(), id);
    }
    return tokens.revoke(id, call);
  }

  private static boolean isKept(ObjectNode row) {
    return !row.path(Store.HIDDEN).path(JWT).asBoolean();
  }
}
