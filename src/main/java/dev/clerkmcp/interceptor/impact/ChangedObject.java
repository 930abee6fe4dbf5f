package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The object that an operation changes, found by its path.
 *
 * @param path the part of the operation's path that names the object; the whole path if none does
 * @param state the object as Clerk returns it; null if there is none, or no endpoint reads it
 * @param missing whether the object does not exist
 * @param tooFar whether the object may be in a part of a long list that was not read
 */
record ChangedObject(String path, @Nullable JsonNode state, boolean missing, boolean tooFar) {
  /** The most rows that are searched for one object, over all pages of a list. */
  private static final int MAX_ROWS = 4 * Pages.LARGEST;

  /**
   * Reads the object at the path itself, such as the settings of the instance; if no endpoint reads
   * that, the object of the last path variable that can be read.
   */
  static ChangedObject by(Endpoint endpoint, ObjectNode arguments, EndpointReader reader) {
    String whole = endpoint.path();
    boolean isReading = endpoint.method().equals("GET");
    // Without its filter, Clerk may refuse to answer a list.
    if (isYetToBe(endpoint, arguments) || (isReading && endpoint.variables().isEmpty())) {
      return new ChangedObject(whole, null, false, false);
    }
    if (!endpoint.method().equals("POST") && reader.canRead(whole)) {
      return object(whole, arguments, reader);
    }
    String named = whole;
    List<String> segments = endpoint.segments();
    for (int end = segments.size(); end > 0; end--) {
      if (segments.get(end - 1).startsWith("{")) {
        String path = "/" + String.join("/", segments.subList(0, end));
        if (reader.canRead(path)) {
          return object(path, arguments, reader);
        }
        List<ListLookup> lists =
            ListLookup.at(path).stream().filter(listed -> reader.canRead(listed.list())).toList();
        if (!lists.isEmpty()) {
          return listed(path, lists, arguments, reader);
        }
        named = named.equals(whole) ? path : named;
      }
    }
    return new ChangedObject(named, null, false, false);
  }

  /** Whether an earlier step of the plan creates the object, so that it has no ID yet. */
  private static boolean isYetToBe(Endpoint endpoint, ObjectNode arguments) {
    return endpoint.variables().stream()
        .anyMatch(name -> RequestPreview.isPlaceholder(arguments.path(name).asText()));
  }

  private static ChangedObject object(String path, ObjectNode arguments, EndpointReader reader) {
    JsonNode state = reader.findObject(path, arguments);
    return new ChangedObject(path, state, state == null, false);
  }

  private static ChangedObject listed(
      String path, List<ListLookup> lists, ObjectNode arguments, EndpointReader reader) {
    boolean tooFar = false;
    for (ListLookup listed : lists) {
      ChangedObject found = listed(path, listed, arguments, reader);
      if (found.state != null) {
        return found;
      }
      tooFar |= found.tooFar;
    }
    return new ChangedObject(path, null, !tooFar, tooFar);
  }

  private static ChangedObject listed(
      String path, ListLookup listed, ObjectNode given, EndpointReader reader) {
    ObjectNode arguments = listed.arguments(given);
    AtomicReference<@Nullable JsonNode> found = new AtomicReference<>();
    int[] read = {0};
    Pages.End end =
        Pages.read(
            null,
            next -> page(listed, arguments, next, reader),
            rows -> {
              rows.valueStream()
                  .filter(row -> listed.is(row, given))
                  .findFirst()
                  .ifPresent(found::set);
              read[0] += rows.size();
              return found.get() == null && read[0] < MAX_ROWS;
            });
    JsonNode state = found.get();
    boolean tooFar = state == null && end != Pages.End.LAST_PAGE;
    return new ChangedObject(path, state, state == null && !tooFar, tooFar);
  }

  private static ListPage page(
      ListLookup listed, ObjectNode arguments, ObjectNode next, EndpointReader reader) {
    long offset = next.path("offset").asLong();
    if (listed.paged()) {
      arguments.put("limit", Pages.LARGEST).put("offset", offset);
    }
    JsonNode answer = EndpointReader.rows(reader.find(listed.list(), arguments));
    ArrayNode rows = answer instanceof ArrayNode array ? array : Json.array();
    boolean more = listed.paged() && rows.size() >= Pages.LARGEST;
    return new ListPage(
        rows, null, more ? Json.object().put("offset", offset + rows.size()) : null);
  }
}
