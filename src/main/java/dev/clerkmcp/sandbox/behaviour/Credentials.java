package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;
import dev.clerkmcp.sandbox.world.World;

/** Credentials of one kind that end at a time and can be revoked before, such as API keys. */
final class Credentials {
  private static final String SECRET = "secret";
  private static final double LATEST = 8.64e15;

  private final Instance instance;
  private final Table table;

  Credentials(Instance instance, Kind kind) {
    this.instance = instance;
    this.table = instance.table(kind);
  }

  Table table() {
    return table;
  }

  /** Keeps a new one; its secret text does not show in it. */
  ObjectNode add(ObjectNode row, String secret) {
    Instance.hidden(row).put(SECRET, secret);
    return table.add(row);
  }

  /** The secret text of one. */
  static String secret(ObjectNode row) {
    return row.path(World.HIDDEN).path(SECRET).asText();
  }

  /** When one ends that is to last for some seconds from now, null for no end. */
  JsonNode expiration(JsonNode seconds) {
    if (!seconds.isNumber()) {
      return JsonNodeFactory.instance.nullNode();
    }
    double end = instance.now() + seconds.asDouble() * 1000;
    return JsonNodeFactory.instance.numberNode((long) Math.min(end, LATEST));
  }

  /** What Clerk shows of one now. */
  ObjectNode view(ObjectNode row) {
    return row.deepCopy().put("expired", isExpired(row));
  }

  /** Whether one is still good. */
  boolean isValid(ObjectNode row) {
    return !row.path("revoked").asBoolean() && !isExpired(row);
  }

  boolean isExpired(ObjectNode row) {
    JsonNode end = row.path("expiration");
    return end.isNumber() && end.asLong() <= instance.now();
  }

  /** Revokes one; of one that is revoked already, the first reason stays. */
  ObjectNode revoke(String id, Call call) {
    if (table.get(id).path("revoked").asBoolean()) {
      return view(table.get(id));
    }
    return view(
        table.change(
            id,
            row ->
                row.put("revoked", true).put("revocation_reason", call.text("revocation_reason"))));
  }

  /**
   * The one with a secret text, which counts as used now.
   *
   * @throws Refusal with status 404 if there is none, with 400 if it is good no more
   */
  ObjectNode verify(String secret) {
    ObjectNode found =
        table.stream()
            .filter(row -> secret(row).equals(secret))
            .findFirst()
            .orElseThrow(
                () ->
                    Refusal.of(
                        404, "resource_not_found", "No %s has this secret.".formatted(words())));
    if (!isValid(found)) {
      throw Refusal.of(
          400,
          "bad_request",
          "The %s %s has %s."
              .formatted(
                  words(),
                  found.path("id").asText(),
                  found.path("revoked").asBoolean() ? "been revoked" : "expired"));
    }
    return view(
        table.change(found.path("id").asText(), row -> row.put("last_used_at", instance.now())));
  }

  private String words() {
    return table.kind().object().replace('_', ' ');
  }
}
