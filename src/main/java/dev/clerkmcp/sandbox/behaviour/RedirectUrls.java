package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;
import java.util.List;

/** Redirect URLs: where apps may be sent back to after signing in. */
final class RedirectUrls {
  private final Instance instance;
  private final Table urls;

  RedirectUrls(Instance instance) {
    this.instance = instance;
    this.urls = instance.table(Kind.REDIRECT_URL);
  }

  void register(Routes on) {
    on.on("GET /redirect_urls", call -> instance.page(call, List.copyOf(urls.rows())))
        .on("POST /redirect_urls", this::create)
        .on("GET /redirect_urls/{id}", call -> urls.get(call.variable("id")))
        .on("DELETE /redirect_urls/{id}", this::delete);
  }

  private JsonNode create(Call call) {
    String url = AbsoluteUrl.checked("url", call.fields().path("url").asText());
    if (urls.stream().anyMatch(row -> row.path("url").asText().equals(url))) {
      throw Refusal.invalid("form_already_exists", "url", "%s is there already.".formatted(url));
    }
    return urls.add(instance.newObject(Kind.REDIRECT_URL, "RedirectURL").put("url", url));
  }

  private JsonNode delete(Call call) {
    String id = call.variable("id");
    urls.remove(id);
    return Instance.deleted(Kind.REDIRECT_URL, id);
  }
}
