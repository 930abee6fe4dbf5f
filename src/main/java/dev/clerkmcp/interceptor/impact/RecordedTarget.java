package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.registry.ListPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds in the record of a change which users, organizations, addresses and domains it affected.
 * Nothing is read, since they may be others by now, or gone; a user or an organization of which the
 * record has only the ID makes the target unclear.
 */
final class RecordedTarget {
  private static final String ORGANIZATION = "organization";
  private static final Pattern ID = Pattern.compile("(user|org)_\\w+");

  private final List<JsonNode> users = new ArrayList<>();
  private final List<JsonNode> organizations = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  /** The IDs of users and organizations that the record does not have. */
  private final Set<String> unread = new HashSet<>();

  private RecordedTarget() {}

  /**
   * The target of a recorded request.
   *
   * @param endpoint of the request
   * @param record the arguments, the state before the request and the answer, as far as recorded
   * @param description in words
   */
  static RequestTarget of(Endpoint endpoint, List<JsonNode> record, String description) {
    RecordedTarget target = new RecordedTarget();
    record.forEach(target::add);
    List<JsonNode> objects = record.stream().flatMap(RecordedTarget::objects).toList();
    target.addresses.addAll(NamedDomains.in(objects, endpoint));
    target.users.forEach(user -> target.unread.remove(user.path("id").asText()));
    target.organizations.forEach(
        organization -> target.unread.remove(organization.path("id").asText()));
    return RequestTarget.ofPeople(
        target.users,
        target.organizations,
        target.addresses,
        !target.unread.isEmpty(),
        description);
  }

  /** A recorded object, or those of a list. */
  private static Stream<JsonNode> objects(JsonNode recorded) {
    JsonNode rows = ListPage.rowsOf(recorded);
    return rows.isArray() ? rows.valueStream() : Stream.of(recorded);
  }

  private void add(JsonNode value) {
    switch (value.path("object").asText()) {
      case ClerkUser.OBJECT -> users.add(value);
      case ORGANIZATION -> organizations.add(value);
      default -> {
        if (value.isTextual()) {
          addText(value.textValue());
        } else if (value.isObject()) {
          for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!field.getKey().endsWith("metadata")) {
              add(field.getValue());
            }
          }
        } else {
          value.forEach(this::add);
        }
      }
    }
  }

  private void addText(String text) {
    if (ID.matcher(text).matches()) {
      unread.add(text);
    } else if (EmailAddress.hasAtSign(text)) {
      addresses.add(text);
    }
  }
}
