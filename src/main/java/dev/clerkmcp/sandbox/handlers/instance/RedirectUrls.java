package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;

/** Handles the redirect-URL endpoints: where users of native apps may return to after sign-in. */
public final class RedirectUrls {
  private final HandlerContext context;
  private final Table urls;

  public RedirectUrls(HandlerContext context) {
    this.context = context;
    this.urls = context.table(ObjectKind.REDIRECT_URL);
  }

  public void register(Routes routes) {
    routes
        .on("GET /redirect_urls", request -> context.page(request, List.copyOf(urls.rows())))
        .on("POST /redirect_urls", this::create)
        .on("GET /redirect_urls/{id}", request -> urls.get(request.variable("id")))
        .on("DELETE /redirect_urls/{id}", this::delete);
  }

  private JsonNode create(ApiRequest request) {
    String url = InputRules.url("url", request.fields().path("url").asText());
    if (urls.stream().anyMatch(row -> row.path("url").asText().equals(url))) {
      throw ApiError.invalid("form_already_exists", "url", "%s already exists.".formatted(url));
    }
    return urls.add(context.newObject(ObjectKind.REDIRECT_URL, "RedirectURL").put("url", url));
  }

  private JsonNode delete(ApiRequest request) {
    String id = request.variable("id");
    urls.remove(id);
    return HandlerContext.deleted(ObjectKind.REDIRECT_URL, id);
  }
}
