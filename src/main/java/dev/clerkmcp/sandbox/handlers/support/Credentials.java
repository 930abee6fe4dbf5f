package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;

/** Stores credentials of one kind that expire and can be revoked, such as API keys. */
public final class Credentials {
  private static final String SECRET = "secret";
  private static final double LATEST = 8.64e15;

  private final HandlerContext context;
  private final Table table;

  public Credentials(HandlerContext context, ObjectKind kind) {
    this.context = context;
    this.table = context.table(kind);
  }

  public Table table() {
    return table;
  }

  /** Adds a credential; its secret is hidden in the row. */
  public ObjectNode add(ObjectNode row, String secret) {
    setSecret(row, secret);
    return table.add(row);
  }

  /** Hides the secret of a new credential in its row. */
  public static void setSecret(ObjectNode row, String secret) {
    HandlerContext.hidden(row).put(SECRET, secret);
  }

  /** The secret of a credential. */
  public static String secret(ObjectNode row) {
    return row.path(Store.HIDDEN).path(SECRET).asText();
  }

  /** The time of expiry after a number of seconds from now; null for no expiry. */
  public JsonNode expiration(JsonNode seconds) {
    if (!seconds.isNumber()) {
      return JsonNodeFactory.instance.nullNode();
    }
    double end = context.now() + seconds.asDouble() * 1000;
    return JsonNodeFactory.instance.numberNode((long) Math.min(end, LATEST));
  }

  /** A credential as Clerk shows it now. */
  public ObjectNode view(ObjectNode row) {
    return row.deepCopy().put("expired", isExpired(row));
  }

  /** Whether a credential is neither revoked nor expired. */
  public boolean isValid(ObjectNode row) {
    return !row.path("revoked").asBoolean() && !isExpired(row);
  }

  public boolean isExpired(ObjectNode row) {
    JsonNode end = row.path("expiration");
    return end.isNumber() && end.asLong() <= context.now();
  }

  /** Revokes a credential; a revoked one keeps its first reason. */
  public ObjectNode revoke(String id, ApiRequest request) {
    if (table.get(id).path("revoked").asBoolean()) {
      return view(table.get(id));
    }
    return view(
        table.change(
            id,
            row ->
                row.put("revoked", true)
                    .put("revocation_reason", request.text("revocation_reason"))));
  }

  /**
   * The credential with a secret, marked as used now.
   *
   * @throws ApiError with status 404 if there is none, with 400 if it is revoked or expired
   */
  public ObjectNode verify(String secret) {
    ObjectNode found =
        table.stream()
            .filter(row -> secret(row).equals(secret))
            .findFirst()
            .orElseThrow(
                () -> ApiError.of(404, "resource_not_found", "No %s has this secret.", words()));
    if (!isValid(found)) {
      throw ApiError.of(
          400,
          "bad_request",
          "The %s %s has %s.",
          words(),
          found.path("id").asText(),
          found.path("revoked").asBoolean() ? "been revoked" : "expired");
    }
    return view(
        table.change(found.path("id").asText(), row -> row.put("last_used_at", context.now())));
  }

  private String words() {
    return table.kind().object().replace('_', ' ');
  }
}
