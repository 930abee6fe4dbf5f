package dev.clerkmcp.workflows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Listing;
import dev.clerkmcp.tools.Page;
import java.util.function.Function;

/** Reads a list to its end. */
final class EveryPage {
  /** The most rows that Clerk answers at once. */
  static final int LARGEST = 500;

  private EveryPage() {}

  /** All rows, page after page. */
  static ArrayNode of(Function<Page, Listing> list) {
    ArrayNode rows = Json.array();
    long offset = 0;
    while (true) {
      Invocation.current().checkCancelled();
      Listing page = list.apply(new Page(LARGEST, offset));
      rows.addAll(page.data());
      ObjectNode next = page.next();
      if (next == null) {
        return rows;
      }
      offset = next.path("offset").asLong();
    }
  }
}
