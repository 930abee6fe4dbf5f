package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.transport.jsonrpc.RawJson;
import java.util.Map;

/**
 * Results of the modern era: each says what kind it is and whose, and those that a client may keep
 * say for how long.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching">MCP
 *     on caching</a>
 */
final class ModernResultWriter implements ResultWriter {
  /** The name under which a person's answer to a question comes back. */
  static final String QUESTION = "confirmation";

  /** Lists and instructions may be others once the server is started anew. */
  private static final String KEPT = ",\"ttlMs\":300000,\"cacheScope\":\"private\"";

  private static final String NOT_KEPT = ",\"ttlMs\":0,\"cacheScope\":\"private\"";

  private final Map<String, Boolean> mark;
  private final String serverInfo;

  ModernResultWriter(ServerInfo card) {
    this.mark = card.mark();
    this.serverInfo = "\"io.modelcontextprotocol/serverInfo\":" + card.serverInfo();
  }

  @Override
  public String of(String members, Map<String, Object> known) {
    return result("complete", members, known);
  }

  @Override
  public String lasting(String members) {
    return of(members + KEPT);
  }

  @Override
  public String passing(String members, Map<String, Object> known) {
    return of(members + NOT_KEPT, known);
  }

  /** A question to a person; the form has no fields: to accept it is the yes. */
  String inputRequired(InputRequiredException needed) {
    return result(
        "input_required",
        "\"inputRequests\":{\"%s\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":%s,\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}},\"requestState\":%s"
            .formatted(QUESTION, RawJson.quote(needed.question()), RawJson.quote(needed.state())),
        Map.of());
  }

  /** The end of a stream of notifications; {@code id} is that of the request that opened it. */
  String subscriptionEnd(String id) {
    return "{\"resultType\":\"complete\",\"_meta\":{%s,%s}}"
        .formatted(Subscriptions.tag(id), meta(Map.of()));
  }

  private String result(String type, String members, Map<String, Object> known) {
    return "{\"resultType\":\"" + type + "\",\"_meta\":{" + meta(known) + "}," + members + "}";
  }

  private String meta(Map<String, Object> known) {
    String meta = MetaText.members(mark, known);
    return meta.isEmpty() ? serverInfo : serverInfo + "," + meta;
  }
}
