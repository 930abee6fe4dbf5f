package dev.clerkmcp.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a list from Clerk page by page; the only loop that does so. */
public final class Pages {
  /** The most rows that Clerk returns in one page of most lists. */
  public static final int LARGEST = 500;

  private static final String OFFSET = "offset";

  private static final String CUT =
      "Clerk repeated a page of a list, so only the first %s rows of it were read; there may be"
          + " more.";

  private Pages() {}

  /** Reads one page of a list. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads a page.
     *
     * @param next the {@link ListPage#next} of the page before; empty for the first page
     */
    ListPage read(ObjectNode next);
  }

  /** Why reading ended. */
  public enum End {
    /** The last page was read. */
    LAST_PAGE,
    /** The reader stopped although more pages follow. */
    ENOUGH,
    /** Clerk returned only rows of the page before, so the rest of the list cannot be reached. */
    SAME_PAGE
  }

  /**
   * All rows of a list that have an ID, each once, in the list's order. Adds a note if Clerk does
   * not answer the whole list.
   */
  public static List<JsonNode> all(Function<PageRequest, ListPage> list) {
    return allOf(next -> list.apply(new PageRequest(LARGEST, offset(next))));
  }

  /** All rows like {@link #all}, when the first page is read already. */
  public static List<JsonNode> allFrom(ListPage first, Function<PageRequest, ListPage> list) {
    Map<Long, Supplier<ListPage>> ahead = new HashMap<>(); // reads the pages at the same time
    int step = first.data().size();
    for (long offset = step; first.hasMore() && offset < first.total(); offset += step) {
      PageRequest page = new PageRequest(LARGEST, offset);
      ahead.put(offset, Invocation.current().fork(() -> list.apply(page)));
    }
    return allOf(
        next -> {
          Long offset = offset(next);
          if (offset == null) {
            return first;
          }
          Supplier<ListPage> page = ahead.get(offset);
          return page == null ? list.apply(new PageRequest(LARGEST, offset)) : page.get();
        });
  }

  /** All rows of a source like {@link #all}, in the source's order. */
  public static List<JsonNode> allOf(Source source) {
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    End end =
        read(
            null,
            source,
            page -> {
              int before = rows.size();
              for (JsonNode row : page) {
                if (row.hasNonNull("id")) {
                  rows.putIfAbsent(row.get("id").asText(), row);
                }
              }
              return rows.size() > before; // pages with nothing new might never end
            });
    if (end != End.LAST_PAGE) {
      Invocation.current().note(CUT.formatted(rows.size()));
    }
    return List.copyOf(rows.values());
  }

  /**
   * Passes the rows of a list on one by one and keeps none, so that the list may have any length. A
   * row that moves to the next page while the list is read is passed on once. Adds a note if Clerk
   * does not return the whole list.
   *
   * @param what the name of the rows, for the progress: "Read 500 of 1200 users"
   * @param use takes a row; returns whether it wants more
   */
  public static void forEach(
      String what, Function<PageRequest, ListPage> list, Predicate<JsonNode> use) {
    Set<String> before = new HashSet<>();
    long[] used = {0};
    End end =
        read(
            what,
            next -> list.apply(new PageRequest(LARGEST, offset(next))),
            page -> {
              Set<String> ids = new HashSet<>();
              for (JsonNode row : page) {
                String id = row.path("id").asText();
                ids.add(id);
                if (!before.contains(id)) {
                  used[0]++;
                  if (!use.test(row)) {
                    return false;
                  }
                }
              }
              before.clear();
              before.addAll(ids);
              return true;
            });
    if (end == End.SAME_PAGE) {
      Invocation.current().note(CUT.formatted(used[0]));
    }
  }

  /**
   * Reads page after page.
   *
   * @param what the name of the rows, for the progress; null to report none
   * @param use takes the rows of a page; returns whether it wants more
   * @throws java.util.concurrent.CancellationException if the call is cancelled between pages
   */
  public static End read(@Nullable String what, Source source, Predicate<ArrayNode> use) {
    ObjectNode next = Json.object();
    Set<String> before = Set.of();
    long read = 0;
    while (true) {
      Invocation.current().checkCancelled();
      ListPage page = source.read(next);
      ObjectNode following = page.next();
      Set<String> ids = ids(page.data());
      if (!ids.isEmpty() && before.containsAll(ids)) {
        return following == null ? End.LAST_PAGE : End.SAME_PAGE;
      }
      boolean wantsMore = use.test(page.data());
      read += page.data().size();
      if (what != null) {
        Invocation.current().doing(progress(read, page.totalCount(), what));
      }
      if (following == null || page.data().isEmpty()) {
        return End.LAST_PAGE;
      }
      if (!wantsMore) {
        return End.ENOUGH;
      }
      before = ids;
      next = following;
    }
  }

  /** The offset of a page; null for the first page, whose request then has no offset. */
  public static @Nullable Long offset(ObjectNode next) {
    return next.has(OFFSET) ? next.get(OFFSET).asLong() : null;
  }

  /**
   * The IDs of a page's rows; empty if a row has none, since rows without IDs may be equal and yet
   * be different rows. If all IDs were on the page before, Clerk ignored the position, and reading
   * on would never end. Other fields may change meanwhile.
   */
  private static Set<String> ids(ArrayNode page) {
    Set<String> ids = new HashSet<>();
    for (JsonNode row : page) {
      if (!row.hasNonNull("id")) {
        return Set.of();
      }
      ids.add(row.get("id").asText());
    }
    return ids;
  }

  private static String progress(long read, @Nullable Long total, String what) {
    return total == null
        ? "Read %s %s".formatted(read, what)
        : "Read %s of %s %s".formatted(read, total, what);
  }
}
