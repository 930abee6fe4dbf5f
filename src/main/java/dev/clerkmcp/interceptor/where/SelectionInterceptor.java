package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;

/**
 * Reduces each page of a list to the rows that the call selects. It stands after the view and
 * before the interceptors that mask, so that conditions see Clerk's fields, but nothing that is
 * masked.
 */
public final class SelectionInterceptor implements ToolInterceptor {
  @Override
  public boolean concerns(ToolCallContext context) {
    return Selection.find(context) != null || ShownFields.find(context) != null;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    JsonNode page = chain.proceed();
    Selection selection = Selection.find(chain.context());
    ShownFields shown = ShownFields.find(chain.context());
    if (!(page instanceof ObjectNode object) || (selection == null && shown == null)) {
      return page;
    }
    ListPage read = ListPage.ofJson(page);
    ArrayNode rows = selection == null ? read.data() : selection.take(read);
    ObjectNode selected = Json.object().setAll(object);
    return selected.set("data", shown == null ? rows : shown.addTo(rows));
  }
}
