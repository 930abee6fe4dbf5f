package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/**
 * Handles the webhook endpoints: the Svix app that sends the webhooks. An instance has at most one.
 */
public final class Webhooks {
  private static final String APP = "svix";

  private final HandlerContext context;
  private final Table settings;

  public Webhooks(HandlerContext context) {
    this.context = context;
    this.settings = context.table(ObjectKind.SETTINGS);
  }

  public void register(Routes routes) {
    routes
        .on("POST /webhooks/svix", this::create)
        .on("DELETE /webhooks/svix", this::delete)
        .on("POST /webhooks/svix_url", this::url);
  }

  private JsonNode create(ApiRequest request) {
    if (settings.find(APP) != null) {
      throw ApiError.of(400, "svix_app_exists", "The instance has a Svix app already.");
    }
    settings.add(Json.object().put("id", APP));
    return url(request);
  }

  private JsonNode delete(ApiRequest request) {
    checkExists();
    settings.remove(APP);
    return MissingNode.getInstance();
  }

  /** Returns a URL whose holder is logged in to the app's dashboard. */
  private JsonNode url(ApiRequest request) {
    checkExists();
    return Json.object()
        .put(
            "svix_url",
            "https://clerk.sandbox.invalid/svix#key=" + context.store().newSecret("svix_key"));
  }

  private void checkExists() {
    if (settings.find(APP) == null) {
      throw ApiError.of(
          400, "svix_app_missing", "The instance has no Svix app; POST /webhooks/svix makes one.");
    }
  }
}
