package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.reference.EntityLookup.Candidate;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the objects of one kind that a text names, in the instance of one call. Its requests only
 * read, and do not pass the interceptors.
 */
final class ListedObjects {
  private static final String PENDING = "pending";
  private static final String STATUS = "status";

  /** The most objects of which names are compared for similarity, which takes time. */
  private static final int MAX_COMPARED = 1_000;

  private static final int MAX_SIMILAR = 3;

  /** The most objects that a refusal names although their names are not similar. */
  private static final int MAX_FEW = 5;

  private final ToolCallContext context;
  private final Visibility shown;

  ListedObjects(ToolCallContext context, Visibility shown) {
    this.context = context;
    this.shown = shown;
  }

  /**
   * The objects that a text may name.
   *
   * @param exact those that have the text as a name, pending ones alone if there are any
   * @param partial those that have the text as a part of a name
   * @param similar those with a similar name
   * @param few all of the list if it has only a few, and they are not people
   */
  record Matches(
      List<Candidate> exact,
      List<Candidate> partial,
      List<Candidate> similar,
      List<Candidate> few) {
    static final Matches NONE = new Matches(List.of(), List.of(), List.of(), List.of());

    List<Candidate> all() {
      return Stream.of(exact, partial, similar).flatMap(List::stream).toList();
    }
  }

  /**
   * Finds the objects.
   *
   * @throws ClerkException if Clerk refuses to list
   * @throws RefusedException if Clerk does not return the whole list, so that another object may
   *     have the same name
   */
  Matches matching(String text, ReferenceKind kind, ObjectList list) {
    Collection<JsonNode> rows = rows(text, kind, list);
    List<JsonNode> exact = new ArrayList<>();
    List<JsonNode> partial = new ArrayList<>();
    Map<String, JsonNode> others = new LinkedHashMap<>();
    String key = list.keyPrefix() + text;
    String part = text.toLowerCase(Locale.ROOT);
    for (JsonNode row : rows) {
      List<String> names = list.namesOf(row);
      if (names.stream().anyMatch(name -> list.same(name, text) || list.same(name, key))) {
        exact.add(row);
      } else if (mayShow(row, list)) {
        if (names.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(part))) {
          partial.add(row);
        } else if (others.size() < MAX_COMPARED) {
          names.forEach(name -> others.put(name.toLowerCase(Locale.ROOT), row));
        }
      }
    }
    List<JsonNode> similar = new ArrayList<>();
    for (String name : NameSuggestions.similar(text, others.keySet(), MAX_SIMILAR)) {
      similar.add(others.get(name));
    }
    List<JsonNode> few =
        list.personal() || rows.size() > MAX_FEW
            ? List.of()
            : rows.stream().filter(row -> mayShow(row, list)).toList();
    return new Matches(
        candidates(kind.prefersPending() ? preferred(exact) : exact, list),
        candidates(partial, list),
        candidates(similar.stream().distinct().toList(), list),
        candidates(few, list));
  }

  /** The pending ones if there are any. */
  private static List<JsonNode> preferred(List<JsonNode> rows) {
    List<JsonNode> pending =
        rows.stream().filter(row -> row.path(STATUS).asText().equals(PENDING)).toList();
    return pending.isEmpty() ? rows : pending;
  }

  /**
   * The rows that the text may name. Where pending ones come first, one of these by the whole name
   * makes the further queries needless.
   */
  private Collection<JsonNode> rows(String text, ReferenceKind kind, ObjectList list) {
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    for (ObjectNode query : list.arguments(text, context.arguments())) {
      if (kind.prefersPending()
          && rows.values().stream()
              .anyMatch(
                  row ->
                      row.path(STATUS).asText().equals(PENDING)
                          && list.namesOf(row).stream().anyMatch(name -> list.same(name, text)))) {
        break;
      }
      Pages.End end =
          Pages.read(
              null,
              next -> page(list, query, next),
              page -> {
                for (JsonNode row : page) {
                  if (!row.path(list.result()).asText("").isEmpty()) {
                    rows.putIfAbsent(row.path("id").asText(row.path(list.result()).asText()), row);
                  }
                }
                return true;
              });
      if (end != Pages.End.LAST_PAGE) {
        throw new RefusedException(
            "reference_unclear",
            "Clerk does not return the whole list in which %s is looked up."
                .formatted(QuotedText.plain(text)),
            kind.remedy());
      }
    }
    return rows.values();
  }

  private ListPage page(ObjectList list, ObjectNode query, ObjectNode next) {
    Long offset = Pages.offset(next);
    long start = offset == null ? 0 : offset;
    JsonNode answer =
        context.read(
            list.endpoint(), query.deepCopy().put("limit", Pages.LARGEST).put("offset", start));
    ArrayNode data = Json.array();
    ListPage.rowsOf(answer).forEach(data::add);
    long end = start + data.size();
    return ListPage.of(data, answer.path("total_count").asLong(end), start);
  }

  private List<Candidate> candidates(List<JsonNode> rows, ObjectList list) {
    return rows.stream().map(row -> candidate(row, list)).toList();
  }

  private Candidate candidate(JsonNode row, ObjectList list) {
    String id = row.path(list.result()).asText();
    if (!mayShow(row, list)) {
      return new Candidate(id, "", false, Json.object().put("id", id));
    }
    List<String> shownFields = new ArrayList<>(List.of("id", list.result()));
    shownFields.addAll(list.names());
    shownFields.addAll(list.distinct());
    ObjectNode fields = Json.object();
    for (String field : shownFields) {
      if (row.hasNonNull(field)) {
        fields.set(field, row.get(field));
      }
    }
    IsoTime.put(fields, "created_at", row.path("created_at"));
    List<String> names = list.namesOf(row);
    return new Candidate(id, names.isEmpty() ? "" : names.get(0), false, fields);
  }

  private boolean mayShow(JsonNode row, ObjectList list) {
    return shown.shows(row, list.endpoint());
  }
}
