package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;

/** The keys that tokens of the instance are signed with: none, for the sandbox signs nothing. */
final class Jwks {
  private Jwks() {}

  static void register(Routes on) {
    on.on(
        "GET /jwks",
        call -> {
          ObjectNode keys = Json.object();
          keys.putArray("keys");
          return keys;
        });
  }
}
