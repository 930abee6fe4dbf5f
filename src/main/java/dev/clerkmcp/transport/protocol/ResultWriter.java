package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.ToolIndexEntry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the results of requests as JSON text, in the form of one generation of MCP. Results are
 * put together as text, since most of their content is JSON text already; building a tree of it
 * would take longer than all other work for a call.
 */
abstract class ResultWriter {
  private final Map<String, Boolean> commonMeta;

  private ResultWriter(ServerInfo serverInfo) {
    this.commonMeta = serverInfo.resultMeta();
  }

  /** A result with the given members. */
  final String result(String members) {
    return result(members, Map.of());
  }

  /** A result with the given members and entries of its {@code _meta}. */
  abstract String result(String members, Map<String, Object> meta);

  /** A result that stays the same as long as the server runs, so that clients may cache it. */
  abstract String cacheable(String members);

  /** A result that may change at any time, so that clients must not cache it. */
  abstract String uncacheable(String members, Map<String, Object> meta);

  /**
   * The result of {@code tools/call}.
   *
   * @param structured whether the tool has an output schema
   * @see <a
   *     href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result">MCP
   *     on tool results</a>
   */
  final String toolResult(ToolResult result, boolean structured) {
    String text = result.text();
    StringBuilder members = new StringBuilder(2 * text.length() + 256);
    members.append("\"content\":[{\"type\":\"text\",\"text\":").append(RawJson.quote(text));
    members.append("}],\"isError\":").append(result.isError());
    if (!result.isError() && structured) {
      members.append(",\"structuredContent\":").append(text);
    }
    return result(members.toString(), result.meta());
  }

  /** The members of the result of {@code tools/list}, copied from the catalogue unparsed. */
  static String toolList(Collection<ToolIndexEntry> listed) {
    StringBuilder members = new StringBuilder("\"tools\":[");
    for (ToolIndexEntry entry : listed) {
      members.append(members.charAt(members.length() - 1) == '[' ? "" : ",").append(entry.tool());
    }
    return members.append(']').toString();
  }

  /** The members of a {@code _meta} object, sorted by name; empty if there are none. */
  final String metaMembers(Map<String, Object> meta) {
    StringBuilder members = new StringBuilder();
    Map<String, Object> all = new TreeMap<>(meta);
    all.putAll(commonMeta);
    for (Map.Entry<String, Object> entry : all.entrySet()) {
      members
          .append(members.length() == 0 ? "" : ",")
          .append(RawJson.quote(entry.getKey()))
          .append(':')
          .append(json(entry.getValue()));
    }
    return members.toString();
  }

  /** Writes the usual kinds of values as text, so that the JSON library is not loaded for them. */
  private static String json(Object value) {
    if (value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof String text) {
      return RawJson.quote(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ResultWriter::json).collect(Collectors.joining(",", "[", "]"));
    }
    return Json.MAPPER.valueToTree(value).toString();
  }

  /** Writes results for {@link LegacyProtocol}: only the members, and {@code _meta} if needed. */
  static final class Legacy extends ResultWriter {
    Legacy(ServerInfo serverInfo) {
      super(serverInfo);
    }

    @Override
    String result(String members, Map<String, Object> meta) {
      String metaMembers = metaMembers(meta);
      return metaMembers.isEmpty()
          ? "{" + members + "}"
          : "{\"_meta\":{" + metaMembers + "}," + members + "}";
    }

    @Override
    String cacheable(String members) {
      return result(members);
    }

    @Override
    String uncacheable(String members, Map<String, Object> meta) {
      return result(members, meta);
    }
  }

  /**
   * Writes results for {@link ModernProtocol}: each says its type and its server, and a result that
   * could be cached says for how long.
   *
   * @see <a
   *     href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching">MCP
   *     on caching</a>
   */
  static final class Modern extends ResultWriter {
    /** The key of the question, under which the client returns the user's answer. */
    static final String QUESTION = "confirmation";

    /** Five minutes, since lists and instructions may differ after a restart of the server. */
    private static final String CACHED = ",\"ttlMs\":300000,\"cacheScope\":\"private\"";

    private static final String NOT_CACHED = ",\"ttlMs\":0,\"cacheScope\":\"private\"";

    private final String serverInfo;

    Modern(ServerInfo serverInfo) {
      super(serverInfo);
      this.serverInfo = "\"io.modelcontextprotocol/serverInfo\":" + serverInfo.json();
    }

    @Override
    String result(String members, Map<String, Object> meta) {
      return result("complete", members, meta);
    }

    @Override
    String cacheable(String members) {
      return result(members + CACHED);
    }

    @Override
    String uncacheable(String members, Map<String, Object> meta) {
      return result(members + NOT_CACHED, meta);
    }

    /** A question to the user: a form without fields, which the user accepts to say yes. */
    String inputRequired(InputRequiredException needed) {
      return result(
          "input_required",
          "\"inputRequests\":{\"%s\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":%s,\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}},\"requestState\":%s"
              .formatted(QUESTION, RawJson.quote(needed.question()), RawJson.quote(needed.state())),
          Map.of());
    }

    /**
     * The end of a subscription.
     *
     * @param tag the {@code _meta} member that names the subscription
     */
    String subscriptionEnd(String tag) {
      return "{\"resultType\":\"complete\",\"_meta\":{%s,%s}}".formatted(tag, meta(Map.of()));
    }

    private String result(String type, String members, Map<String, Object> meta) {
      return "{\"resultType\":\"" + type + "\",\"_meta\":{" + meta(meta) + "}," + members + "}";
    }

    private String meta(Map<String, Object> meta) {
      String members = metaMembers(meta);
      return members.isEmpty() ? serverInfo : serverInfo + "," + members;
    }
  }
}
