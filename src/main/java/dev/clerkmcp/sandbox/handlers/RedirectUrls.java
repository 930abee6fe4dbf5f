package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** Redirect URLs: where apps may be sent back to after signing in. */
final class RedirectUrls {
  private final HandlerContext instance;
  private final Table urls;

  RedirectUrls(HandlerContext instance) {
    this.instance = instance;
    this.urls = instance.table(ObjectKind.REDIRECT_URL);
  }

  void register(Routes on) {
    on.on("GET /redirect_urls", call -> instance.page(call, List.copyOf(urls.rows())))
        .on("POST /redirect_urls", this::create)
        .on("GET /redirect_urls/{id}", call -> urls.get(call.variable("id")))
        .on("DELETE /redirect_urls/{id}", this::delete);
  }

  private JsonNode create(ApiRequest call) {
    String url = AbsoluteUrl.checked("url", call.fields().path("url").asText());
    if (urls.stream().anyMatch(row -> row.path("url").asText().equals(url))) {
      throw ApiError.invalid("form_already_exists", "url", "%s is there already.".formatted(url));
    }
    return urls.add(instance.newObject(ObjectKind.REDIRECT_URL, "RedirectURL").put("url", url));
  }

  private JsonNode delete(ApiRequest call) {
    String id = call.variable("id");
    urls.remove(id);
    return HandlerContext.deleted(ObjectKind.REDIRECT_URL, id);
  }
}
