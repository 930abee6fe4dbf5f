package dev.clerkmcp.sandbox.handlers.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.Locale;

/** Keeps out whom the instance's allowlist, blocklist and other restrictions do not let sign up. */
public final class Restrictions {
  /** The settings of the instance that switch the lists on. */
  public static final String SETTINGS = "instance_restrictions";

  private final HandlerContext context;

  public Restrictions(HandlerContext context) {
    this.context = context;
  }

  /**
   * Checks that somebody with an address, number or wallet may sign up or be invited.
   *
   * @throws ApiError with status 403 if not
   */
  public void check(String identifier) {
    ObjectNode row = context.table(ObjectKind.SETTINGS).find(SETTINGS);
    JsonNode settings = row == null ? Json.object() : row;
    if (settings.path("blocklist").asBoolean()
        && isOn(context.table(ObjectKind.BLOCKLIST_IDENTIFIER), identifier)) {
      throw refusal(identifier, "is on the blocklist");
    }
    if (settings.path("allowlist").asBoolean()
        && !isOn(context.table(ObjectKind.ALLOWLIST_IDENTIFIER), identifier)) {
      throw refusal(identifier, "is not on the allowlist");
    }
    if (settings.path("block_email_subaddresses").asBoolean()
        && identifier.matches("[^@]*[+#=][^@]*@.*")) {
      throw refusal(identifier, "is a subaddress");
    }
  }

  private static ApiError refusal(String identifier, String why) {
    return ApiError.of(403, "not_allowed_access", "%s %s.", identifier, why);
  }

  private static boolean isOn(Table list, String identifier) {
    String wanted = identifier.strip().toLowerCase(Locale.ROOT);
    return list.stream()
        .map(entry -> entry.path("identifier").asText().toLowerCase(Locale.ROOT))
        .anyMatch(
            entry ->
                entry.startsWith("*@")
                    ? wanted.endsWith(entry.substring(1))
                    : wanted.equals(entry));
  }
}
