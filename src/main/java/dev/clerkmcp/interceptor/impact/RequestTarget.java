package dev.clerkmcp.interceptor.impact;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operation affects, as read just before it is sent.
 *
 * @param state the object that it changes or deletes, as Clerk returns it; null if there is none or
 *     it cannot be read
 * @param missing whether the object does not exist
 * @param users the affected users, as Clerk returns them
 * @param actors the IDs of those users in whose name the operation is only done, such as inviters
 * @param organizations the affected organizations, as Clerk returns them
 * @param addresses email addresses that may not belong to a user yet, such as invited ones
 * @param unclear whether it affects a user or an organization that could not be determined
 * @param description one line for a person: {@code user Ada Lovelace, ada@example.com (user_1)}
 */
public record RequestTarget(
    @Nullable JsonNode state,
    boolean missing,
    List<JsonNode> users,
    Set<String> actors,
    List<JsonNode> organizations,
    List<String> addresses,
    boolean unclear,
    String description) {
  public RequestTarget {
    users = List.copyOf(users);
    actors = Set.copyOf(actors);
    organizations = List.copyOf(organizations);
    addresses = List.copyOf(addresses);
  }

  /** Changes while a user is active, so it does not count as a change of the target. */
  private static final String LAST_ACTIVE = "last_active_at";

  /** A target of which a plan shows nothing but a description. */
  static RequestTarget hidden(String description) {
    return ofPeople(List.of(), List.of(), List.of(), false, description);
  }

  /** A target of which only the people and organizations are known. */
  static RequestTarget ofPeople(
      List<JsonNode> users,
      List<JsonNode> organizations,
      List<String> addresses,
      boolean unclear,
      String description) {
    return new RequestTarget(
        null, false, users, Set.of(), organizations, addresses, unclear, description);
  }

  /** A text that differs if anything differs of the object, the users or the organizations. */
  String stableState() {
    List<JsonNode> all = new ArrayList<>();
    all.add(state == null ? NullNode.getInstance() : state);
    all.addAll(users);
    all.addAll(organizations);
    return all.stream().map(RequestTarget::stable).map(JsonNode::toString).collect(joining("\n"));
  }

  private static JsonNode stable(JsonNode object) {
    return object instanceof ObjectNode fields && fields.has(LAST_ACTIVE)
        ? fields.deepCopy().without(LAST_ACTIVE)
        : object;
  }

  /**
   * The affected users, each with name, verified address and ID, and the addresses; without actors.
   */
  public List<String> people() {
    List<String> people = new ArrayList<>();
    users.stream()
        .filter(user -> !actors.contains(user.path("id").asText()))
        .forEach(user -> people.add(TargetDescriber.person(user)));
    addresses.forEach(address -> people.add(QuotedText.plain(address)));
    return people;
  }
}
