package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reduces answers to what an agent needs of Clerk's objects, or to the fields that it asks for, and
 * names what it omits. Secrets and personal data are masked before, on Clerk's own fields.
 */
public final class ViewInterceptor implements ToolInterceptor {
  private static final String DATA = "data";
  private static final String OBJECT = "object";

  private final ViewRegistry views;

  public ViewInterceptor(ViewRegistry views) {
    this.views = views;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    try {
      return shown(context, chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(done -> shown(context, done));
    }
  }

  private JsonNode shown(ToolCallContext context, JsonNode answer) {
    if (context.options().fields().isEmpty()) {
      return unasked(context, answer);
    }
    FieldSelection fields =
        context.attribute(
            FieldSelection.class, () -> FieldSelection.of(context.options().fields()));
    if (fields.wantsEverything()) {
      return inObject(answer, row -> row);
    }
    JsonNode picked =
        isList(context.tool(), answer)
            ? inObject(answer, row -> picked(row, fields))
            : picked(answer, fields);
    fields.lookedFor(rows(answer).isMissingNode() ? answer : rows(answer).path(0));
    return picked;
  }

  private JsonNode picked(JsonNode object, FieldSelection fields) {
    return object.isObject() ? fields.of(object, views.find(object)) : object;
  }

  private JsonNode unasked(ToolCallContext context, JsonNode answer) {
    Set<String> leftOut = new TreeSet<>();
    JsonNode shown;
    if (isList(context.tool(), answer)) {
      boolean brief = context.options().export() == null; // a file keeps the full times
      shown = inObject(answer, row -> views.row(row, context.arguments(), brief, leftOut));
    } else if (context.tool().endpoint() != null || answer.has(OBJECT)) {
      shown = views.alone(answer, leftOut);
    } else {
      shown = clerkObjectsIn(answer, leftOut);
    }
    context.attribute(OmittedFields.class, OmittedFields::new).addAll(leftOut);
    return shown;
  }

  /** Applies views to Clerk's objects in the answer of a composed tool; the rest stays as it is. */
  private JsonNode clerkObjectsIn(JsonNode value, Set<String> leftOut) {
    if (value instanceof ArrayNode list) {
      ArrayNode shown = Json.array();
      list.forEach(item -> shown.add(clerkObjectsIn(item, leftOut)));
      return shown;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    if (views.find(object) != null) {
      return views.row(object, Json.object(), false, leftOut);
    }
    ObjectNode shown = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      boolean own = FieldCatalog.isVerbatim(field.getKey());
      shown.set(field.getKey(), own ? field.getValue() : clerkObjectsIn(field.getValue(), leftOut));
    }
    return shown;
  }

  private static boolean isList(ToolDefinition tool, JsonNode answer) {
    return answer.isArray() || tool.listing();
  }

  private static JsonNode rows(JsonNode answer) {
    return answer.isArray() ? answer : answer.path(DATA);
  }

  /** Changes the rows of an answer. The result is an object, as structured content must be. */
  private static JsonNode inObject(JsonNode answer, UnaryOperator<JsonNode> change) {
    if (!(rows(answer) instanceof ArrayNode rows)) {
      return answer;
    }
    ArrayNode changed = Json.array();
    rows.forEach(row -> changed.add(change.apply(row)));
    ObjectNode object = Json.object();
    if (answer instanceof ObjectNode whole) {
      object.setAll(whole);
    }
    object.set(DATA, changed);
    return object;
  }

  /** Collects the fields with values that the answer of one call omits, over all its pages. */
  static final class OmittedFields {
    private final Set<String> paths = new TreeSet<>();

    synchronized void addAll(Set<String> further) {
      paths.addAll(further);
    }

    /** A sentence about the omitted fields; null without any. */
    synchronized @Nullable String sentence() {
      if (paths.isEmpty()) {
        return null;
      }
      String first = List.copyOf(paths).get(0);
      return "Left out: %s. To include one: fields: [\"%s\"]; everything: [\"*\"]."
          .formatted(String.join(", ", paths), first);
    }
  }
}
