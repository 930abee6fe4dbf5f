package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.time.Duration;

/** Testing tokens: with one, automated tests are not taken for bots. */
final class TestingTokens {
  private static final long LIFETIME_SECONDS = Duration.ofHours(1).toSeconds();

  private final HandlerContext instance;

  TestingTokens(HandlerContext instance) {
    this.instance = instance;
  }

  void register(Routes on) {
    on.on("POST /testing_tokens", this::create);
  }

  /** Their end is the one time in Clerk's answers that is in seconds. */
  private JsonNode create(ApiRequest call) {
    ObjectNode token = instance.blankAnswer(call);
    return token
        .put("token", instance.store().newSecret("testing_token"))
        .put("expires_at", instance.now() / 1000 + LIFETIME_SECONDS);
  }
}
