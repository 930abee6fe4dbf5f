package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes what a result's {@code _meta} holds, and binds data only where there is more than a mark.
 */
final class MetaText {
  private MetaText() {}

  /** The members of the object, sorted, without its braces; empty if there are none. */
  static String members(Map<String, Boolean> mark, Map<String, Object> known) {
    StringBuilder members = new StringBuilder();
    Map<String, Object> all = new TreeMap<>(known);
    all.putAll(mark);
    for (Map.Entry<String, Object> entry : all.entrySet()) {
      Object value = entry.getValue();
      members
          .append(members.length() == 0 ? "" : ",")
          .append(RawJson.quote(entry.getKey()))
          .append(':')
          .append(json(value));
    }
    return members.toString();
  }

  /** Binds only what is none of the few kinds that are said of most answers. */
  private static String json(Object value) {
    if (value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof String text) {
      return RawJson.quote(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(MetaText::json).collect(Collectors.joining(",", "[", "]"));
    }
    return Json.MAPPER.valueToTree(value).toString();
  }
}
