package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation touches, as it was just before.
 *
 * @param state the object that it changes or takes away, as Clerk answers it; null if there is none
 *     or it cannot be read
 * @param missing whether Clerk knows no such object
 * @param users the users touched, as Clerk answers them
 * @param organizations the organizations touched, as Clerk answers them
 * @param addresses email addresses of people touched who are no users, such as invited ones
 * @param unclear whether it touches a user or an organization that could not be determined
 * @param description what it is in a person's terms: {@code user Ada Lovelace, ada@example.com
 *     (user_1)}
 */
public record Target(
    @Nullable JsonNode state,
    boolean missing,
    List<JsonNode> users,
    List<JsonNode> organizations,
    List<String> addresses,
    boolean unclear,
    String description) {
  public Target {
    users = List.copyOf(users);
    organizations = List.copyOf(organizations);
    addresses = List.copyOf(addresses);
  }

  /** One of which nothing could be found out. */
  public static Target unknown() {
    return new Target(null, false, List.of(), List.of(), List.of(), true, "unclear");
  }
}
