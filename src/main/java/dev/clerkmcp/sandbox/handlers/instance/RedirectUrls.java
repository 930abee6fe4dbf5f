package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;

/** The redirect URLs: where users of native apps may return to after sign-in. */
public final class RedirectUrls extends Resource {
  public RedirectUrls(HandlerContext context) {
    super(context, ObjectKind.REDIRECT_URL, "/redirect_urls");
  }

  @Override
  protected void set(ObjectNode row, ApiRequest request) {
    String url = InputRules.url("url", request.field("url"));
    if (rows.findWhere("url", url) != null) {
      throw ApiError.invalid("form_already_exists", "url", "%s already exists.", url);
    }
    row.put("url", url);
  }
}
