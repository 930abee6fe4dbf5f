package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.CallOptions;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reduces answers to what an agent needs of Clerk's objects, or to the fields that it asks for.
 * Secrets and personal data are masked before, on Clerk's own fields.
 */
public final class ViewInterceptor implements ToolInterceptor {
  private static final String DATA = "data";
  private static final String OBJECT = "object";

  private final ViewRegistry views;
  private final ChangeAnswer changes;

  public ViewInterceptor(ViewRegistry views, ChangeAnswer changes) {
    this.views = views;
    this.changes = changes;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    int earlier = changes.recorded(context);
    try {
      JsonNode answer = chain.proceed();
      JsonNode shown = shown(context, answer, earlier);
      checkFields(context);
      return shown;
    } catch (PartialFailureException e) {
      throw e.withDone(done -> shown(context, done, earlier));
    }
  }

  /**
   * Refuses a call that only reads if there is none of the fields that it asks for: rows of nothing
   * but IDs would look as if there were no values.
   */
  private static void checkFields(ToolCallContext context) {
    FieldSelection fields = fields(context);
    if (fields.isAllUnknown() && context.tool().effect().readOnly()) {
      throw InvalidArgumentsException.of(
          CallOptions.FIELDS,
          "names nothing that is there: no %s; [\"*\"] shows everything"
              .formatted(fields.hints(context.tool().argumentNames())));
    }
  }

  private static FieldSelection fields(ToolCallContext context) {
    return context.attribute(
        FieldSelection.class, () -> FieldSelection.of(context.options().fields()));
  }

  private JsonNode shown(ToolCallContext context, JsonNode answer, int earlier) {
    if (context.options().fields().isEmpty()) {
      return byDefault(context, answer, earlier);
    }
    FieldSelection fields = fields(context);
    if (fields.wantsEverything()) {
      return inObject(TimeFields.in(answer), row -> row);
    }
    JsonNode picked =
        isList(context.tool(), answer)
            ? inObject(answer, row -> picked(row, fields))
            : picked(answer, fields);
    JsonNode first = rows(answer).isMissingNode() ? answer : rows(answer).path(0);
    fields.lookedFor(first, views.find(first));
    return fields.isAllUnknown() ? byDefault(context, answer, earlier) : picked;
  }

  private JsonNode byDefault(ToolCallContext context, JsonNode answer, int earlier) {
    JsonNode change = changes.find(context, answer, earlier);
    return change == null ? unasked(context, answer) : change;
  }

  private JsonNode picked(JsonNode object, FieldSelection fields) {
    return object.isObject() ? fields.of(object, views.find(object)) : object;
  }

  private JsonNode unasked(ToolCallContext context, JsonNode answer) {
    if (isList(context.tool(), answer)) {
      OmittedFields omitted =
          context.attribute(OmittedFields.class, () -> OmittedFields.among(context.arguments()));
      boolean brief = context.options().export() == null; // a file keeps the full times
      return inObject(
          answer,
          row -> {
            omitted.lookFor(row, views.find(row));
            return views.row(row, context.arguments(), brief);
          });
    }
    return context.tool().endpoint() != null || answer.has(OBJECT)
        ? views.alone(answer)
        : clerkObjectsIn(answer);
  }

  /** Applies views to Clerk's objects in the answer of a composed tool; the rest stays as it is. */
  private JsonNode clerkObjectsIn(JsonNode value) {
    if (value instanceof ArrayNode list) {
      ArrayNode shown = Json.array();
      list.forEach(item -> shown.add(clerkObjectsIn(item)));
      return shown;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    if (views.find(object) != null) {
      return views.row(object, Json.object(), false);
    }
    ObjectNode shown = Json.object();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      boolean own = FieldCatalog.isVerbatim(field.getKey());
      shown.set(field.getKey(), own ? field.getValue() : clerkObjectsIn(field.getValue()));
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

  /**
   * The fields by which a call orders or limits a list, and which no row shows. What a view always
   * omits is no news: the text of the argument {@code fields} says that there is more.
   */
  static final class OmittedFields {
    private static final Pattern LIMIT = Pattern.compile("(\\w+_at)_(?:after|before|since)");

    private final Set<String> asked;
    private final Set<String> omitted = new TreeSet<>();

    private OmittedFields(Set<String> asked) {
      this.asked = asked;
    }

    static OmittedFields none() {
      return new OmittedFields(Set.of());
    }

    static OmittedFields among(ObjectNode arguments) {
      Set<String> asked = new TreeSet<>();
      for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
        Matcher limit = LIMIT.matcher(argument.getKey());
        if (limit.matches()) {
          asked.add(limit.group(1));
        } else if (argument.getKey().equals("order_by")) {
          asked.add(argument.getValue().asText().replaceFirst("^[+-]", ""));
        }
      }
      return new OmittedFields(asked);
    }

    synchronized void lookFor(JsonNode row, @Nullable ObjectRenderer view) {
      for (String field : asked) {
        if (view != null && !view.hasInRow(field) && row.hasNonNull(field)) {
          omitted.add(field);
        }
      }
    }

    /** A sentence about the omitted fields; null without any. */
    synchronized @Nullable String sentence() {
      return omitted.isEmpty()
          ? null
          : "Rows do not show %s, by which this call orders or limits them; fields: [\"%s\"] does."
              .formatted(String.join(", ", omitted), String.join("\", \"", omitted));
    }
  }
}
