package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.RecordReference;
import java.util.Map;

/**
 * Hides private metadata unless the caller asks for it, because Clerk sends it in most answers. A
 * setting can forbid to ask for it; then tools do not get it either, so that nothing they do or
 * answer depends on it. Undo and the safety checks read it by themselves.
 */
public final class PrivateMetadataInterceptor implements ToolInterceptor, RequestInterceptor {
  private static final String FIELD = "private_metadata";

  /** Takes the place of hidden metadata. */
  private static final JsonNode HIDDEN = TextNode.valueOf("hidden; include_private: true shows it");

  /** Takes its place if no call may ask for it. */
  private static final JsonNode FORBIDDEN =
      TextNode.valueOf("hidden, since " + Setting.PRIVATE_METADATA + " is never");

  private final boolean never;

  /**
   * Prepares to hide.
   *
   * @param never whether private metadata is hidden from callers that ask for it, too
   */
  public PrivateMetadataInterceptor(boolean never) {
    this.never = never;
  }

  /** Hides private metadata in Clerk's answers, before a view renames or selects fields. */
  @Override
  public JsonNode intercept(ToolInterceptor.Chain chain) {
    boolean asked = chain.context().options().includePrivate();
    if (asked && never) {
      throw switchedOff(
          "Call again without include_private. Only a person can change the setting.");
    }
    if (asked) {
      return chain.proceed();
    }
    try {
      return hidden(chain.proceed());
    } catch (PartialFailureException e) {
      throw e.withDone(this::hidden);
    }
  }

  /**
   * Keeps all private metadata from a tool, which would compare it with what the caller gives; only
   * for {@code never}.
   */
  @Override
  public JsonNode intercept(RequestInterceptor.Chain chain) {
    return hidden(chain.proceed());
  }

  /**
   * The value with all private metadata in it hidden. Parts without private metadata are not
   * copied, since most rows of a long list have none.
   */
  private JsonNode hidden(JsonNode value) {
    if (value instanceof ArrayNode list) {
      return hidden(list);
    }
    return value instanceof ObjectNode object ? hidden(object) : value;
  }

  private JsonNode hidden(ArrayNode list) {
    if (list.valueStream().anyMatch(PrivateMetadataInterceptor::isAboutPrivate)) {
      return withoutPrivateRows(list);
    }
    ArrayNode copy = null;
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = hidden(list.get(i));
      if (!item.equals(list.get(i))) {
        copy = copy == null ? Json.array().addAll(list) : copy;
        copy.set(i, item);
      }
    }
    return copy == null ? list : copy;
  }

  /** The rows about changed fields, with one for all private ones, whose keys are private too. */
  private static ArrayNode withoutPrivateRows(ArrayNode rows) {
    ArrayNode shown = Json.array();
    rows.valueStream().filter(row -> !isAboutPrivate(row)).forEach(shown::add);
    shown.addObject().put("field", FIELD);
    return shown;
  }

  private static boolean isAboutPrivate(JsonNode row) {
    return FieldCatalog.isRowOfChange(row)
        && KeyPath.keys(row.path("field").textValue()).stream()
            .findFirst()
            .orElse("")
            .equals(FIELD);
  }

  private JsonNode hidden(ObjectNode object) {
    ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      boolean hides =
          (never && field.getKey().equals(FIELD) && value.isContainerNode())
              || isHidden(field.getKey(), value);
      hides &= !RecordReference.is(value);
      JsonNode shown = hides ? (never ? FORBIDDEN : HIDDEN) : hidden(value);
      if (!shown.equals(value)) {
        copy = copy == null ? Json.object().setAll(object) : copy;
        copy.set(field.getKey(), shown);
      }
    }
    return copy == null ? object : copy;
  }

  /** The refusal to show private metadata, or what would tell it. */
  public static RefusedException switchedOff(String next) {
    return new RefusedException(
        "private_metadata_switched_off",
        "Private metadata is not shown here: %s is never.".formatted(Setting.PRIVATE_METADATA),
        next);
  }

  /** Whether a field has private metadata that is not shown. */
  public static boolean isHidden(String field, JsonNode value) {
    return field.equals(FIELD) && value.isContainerNode() && !value.isEmpty();
  }
}
