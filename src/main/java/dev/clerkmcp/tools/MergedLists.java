package dev.clerkmcp.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several lists of Clerk's in the same order, read as one list in that order. Each is read only as
 * far as its rows are needed.
 */
final class MergedLists {
  private final List<Part> parts = new ArrayList<>();
  private final Comparator<JsonNode> order;
  private final Set<String> taken = new HashSet<>();
  private long position;

  /**
   * Prepares to merge.
   *
   * @param orderBy the order in which Clerk answers each list: {@code -created_at}
   */
  MergedLists(String orderBy) {
    String field = orderBy.strip().replaceFirst("^[+-]", "");
    Comparator<JsonNode> byValue =
        Comparator.comparing(row -> row.path(field), MergedLists::compare);
    Comparator<JsonNode> directed = orderBy.strip().startsWith("-") ? byValue.reversed() : byValue;
    Comparator<JsonNode> emptyLast = Comparator.comparing(row -> !row.hasNonNull(field));
    this.order = emptyLast.thenComparing(directed);
  }

  /** Adds a list; of equal rows, those of a list that was added before come first. */
  void add(Function<PageRequest, ListPage> list) {
    parts.add(new Part(list));
  }

  /** How many rows were passed. */
  long position() {
    return position;
  }

  /** How many rows all lists have, as far as they were read. */
  long total() {
    return parts.stream().mapToLong(part -> part.total).sum();
  }

  /**
   * Passes rows.
   *
   * @param ahead how many rows are wanted after them
   */
  void skip(long rows, int ahead) {
    while (position < rows && take(rows - position + ahead) != null) {
      Invocation.current().checkCancelled();
    }
  }

  /** The next rows, at most as many as are wanted. */
  ArrayNode next(int wanted) {
    ArrayNode rows = Json.array();
    while (rows.size() < wanted) {
      JsonNode row = take(wanted);
      if (row == null) {
        break;
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * The next row; null after the last. A row that changed lists meanwhile is passed once.
   *
   * @param wanted how many rows to read of a list that has to be read on, at most a page
   */
  private @Nullable JsonNode take(long wanted) {
    while (true) {
      Part first = null;
      for (Part part : parts) {
        JsonNode head = part.head(wanted);
        JsonNode best = first == null ? null : first.head(wanted);
        if (head != null && (best == null || order.compare(head, best) < 0)) {
          first = part;
        }
      }
      JsonNode row = first == null ? null : first.rows.poll();
      if (row == null) {
        return null;
      }
      if (!row.hasNonNull("id") || taken.add(row.get("id").asText())) {
        position++;
        return row;
      }
    }
  }

  private static int compare(JsonNode one, JsonNode other) {
    return one.isNumber() && other.isNumber()
        ? Long.compare(one.asLong(), other.asLong())
        : one.asText().toLowerCase(Locale.ROOT).compareTo(other.asText().toLowerCase(Locale.ROOT));
  }

  /** One of the lists, and those of its rows that were read and not yet passed. */
  private static final class Part {
    private final Function<PageRequest, ListPage> list;
    private final Deque<JsonNode> rows = new ArrayDeque<>();
    private long read;
    private long total;
    private boolean ended;

    Part(Function<PageRequest, ListPage> list) {
      this.list = list;
    }

    /** The next row; null after the last. */
    @Nullable JsonNode head(long wanted) {
      if (rows.isEmpty() && !ended) {
        int size = (int) Math.min(Pages.LARGEST, wanted);
        ListPage page = list.apply(new PageRequest(size, read == 0 ? null : read));
        page.data().forEach(rows::add);
        read += page.data().size();
        total = Math.max(page.total(), read);
        ended = !page.hasMore();
      }
      return rows.peek();
    }
  }
}
