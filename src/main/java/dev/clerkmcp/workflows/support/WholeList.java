package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.SmallPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the lists of Clerk to their ends. */
public final class WholeList {
  /** The most rows that Clerk answers at once, of most lists. */
  public static final int LARGEST_PAGE = 500;

  private static final int SMALL_PAGE = 100;

  private WholeList() {}

  /** All rows that have an ID, each once. */
  public static List<JsonNode> of(Function<PageRequest, ListPage> list) {
    return read(offset -> list.apply(new PageRequest(LARGEST_PAGE, offset == 0 ? null : offset)));
  }

  /** The same of a list with 100 rows a page. */
  public static List<JsonNode> ofSmallPages(Function<SmallPage, ListPage> list) {
    return read(offset -> list.apply(new SmallPage(SMALL_PAGE, offset == 0 ? null : offset)));
  }

  private static List<JsonNode> read(Function<Long, ListPage> pageAt) {
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    long offset = 0;
    while (true) {
      Invocation.current().checkCancelled();
      ListPage page = pageAt.apply(offset);
      int known = rows.size();
      for (JsonNode row : page.data()) {
        if (row.hasNonNull("id")) {
          rows.putIfAbsent(row.get("id").asText(), row);
        }
      }
      // A page with nothing new would be answered for ever.
      if (!page.hasMore() || rows.size() == known) {
        return List.copyOf(rows.values());
      }
      offset += page.data().size();
    }
  }
}
