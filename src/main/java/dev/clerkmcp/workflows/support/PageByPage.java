package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads a list page after page and keeps none of it, so that it may be of any length. */
public final class PageByPage {
  private PageByPage() {}

  /**
   * Reads to the end, or as far as it is wanted. What moves to the next page because something came
   * before it meanwhile is used once.
   *
   * @param what the rows, for whoever waits
   * @param use takes a row, and says whether more are wanted
   */
  public static void read(
      String what, Function<PageRequest, ListPage> list, Predicate<JsonNode> use) {
    long offset = 0;
    Set<String> before = Set.of();
    while (true) {
      Invocation.current().checkCancelled();
      ListPage page = list.apply(new PageRequest(WholeList.LARGEST_PAGE, offset));
      Set<String> ids = new HashSet<>();
      boolean isNew = false;
      for (JsonNode row : page.data()) {
        String id = row.path("id").asText();
        ids.add(id);
        if (before.contains(id)) {
          continue;
        }
        isNew = true;
        if (!use.test(row)) {
          return;
        }
      }
      before = ids;
      offset += page.data().size();
      tell(what, offset, page);
      if (!page.hasMore() || !isNew) { // nothing new would be answered for ever
        return;
      }
    }
  }

  private static void tell(String what, long read, ListPage page) {
    Long total = page.totalCount();
    Invocation.current()
        .doing(
            total == null
                ? "Read %s %s".formatted(read, what)
                : "Read %s of %s %s".formatted(read, total, what));
  }
}
