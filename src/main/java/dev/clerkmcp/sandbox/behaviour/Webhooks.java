package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;

/** The Svix app, through which Clerk sends webhooks: an instance has one or none. */
final class Webhooks {
  private static final String APP = "svix";

  private final Instance instance;
  private final Table settings;

  Webhooks(Instance instance) {
    this.instance = instance;
    this.settings = instance.table(Kind.SETTINGS);
  }

  void register(Routes on) {
    on.on("POST /webhooks/svix", this::create)
        .on("DELETE /webhooks/svix", this::delete)
        .on("POST /webhooks/svix_url", this::url);
  }

  private JsonNode create(Call call) {
    if (settings.find(APP) != null) {
      throw Refusal.of(400, "svix_app_exists", "The instance has a Svix app already.");
    }
    settings.add(Json.object().put("id", APP));
    return url(call);
  }

  private JsonNode delete(Call call) {
    refuseMissing();
    settings.remove(APP);
    return MissingNode.getInstance();
  }

  /** Whoever has the URL is logged in to the dashboard of the app. */
  private JsonNode url(Call call) {
    refuseMissing();
    return Json.object()
        .put(
            "svix_url",
            "https://clerk.sandbox.invalid/svix#key=" + instance.world().newSecret("svix_key"));
  }

  private void refuseMissing() {
    if (settings.find(APP) == null) {
      throw Refusal.of(
          400, "svix_app_missing", "The instance has no Svix app; POST /webhooks/svix makes one.");
    }
  }
}
