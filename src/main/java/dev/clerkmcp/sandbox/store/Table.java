package dev.clerkmcp.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, in the order of their creation. A row is never changed in place: {@link
 * #change} replaces the row by a changed copy, so that a row that was read stays valid and every
 * change can be undone.
 *
 * <p>A row is Clerk's JSON of the object. The field {@link Store#HIDDEN} never leaves the sandbox.
 */
public final class Table {
  private final ObjectKind kind;
  private final Store store;
  private final TreeMap<String, ObjectNode> rows = new TreeMap<>();
  private final Map<String, Index> indexes = new LinkedHashMap<>();
  private final Map<String, String> searchTexts = new HashMap<>();
  private Function<ObjectNode, String> searchText = row -> "";
  private long version;

  Table(ObjectKind kind, Store store) {
    this.kind = kind;
    this.store = store;
  }

  /** The kind of the objects. */
  public ObjectKind kind() {
    return kind;
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** A number that grows with every change of a row, so that what was computed can be kept. */
  public long version() {
    return version;
  }

  /** All rows. They must not be changed. */
  public Collection<ObjectNode> rows() {
    return Collections.unmodifiableCollection(rows.values());
  }

  /** All rows. They must not be changed. */
  public Stream<ObjectNode> stream() {
    return rows.values().stream();
  }

  /** The row with an id, or null. */
  public @Nullable ObjectNode find(String id) {
    return rows.get(id);
  }

  /**
   * The row with an id.
   *
   * @throws ApiError with status 404 if there is none
   */
  public ObjectNode get(String id) {
    ObjectNode row = rows.get(id);
    if (row == null) {
      throw ApiError.notFound(kind.object(), id);
    }
    return row;
  }

  /** The search text of a row, in lower case. */
  public String searchText(ObjectNode row) {
    return searchTexts.getOrDefault(row.path("id").asText(), "");
  }

  /** The rows that the index lists under the key. */
  public List<ObjectNode> by(String index, String key) {
    return index(index).ids(key).stream().map(this::get).toList();
  }

  /** The rows whose field has the text. */
  public List<ObjectNode> where(String field, String text) {
    return indexes.containsKey(field)
        ? by(field, text)
        : stream().filter(row -> row.path(field).asText().equals(text)).toList();
  }

  /** The first row whose field has the text, or null. */
  public @Nullable ObjectNode findWhere(String field, String text) {
    List<ObjectNode> found = where(field, text);
    return found.isEmpty() ? null : found.get(0);
  }

  /** The first row that the index lists under the key, or null. */
  public @Nullable ObjectNode findBy(String index, String key) {
    List<ObjectNode> found = by(index, key);
    return found.isEmpty() ? null : found.get(0);
  }

  /**
   * Adds a row.
   *
   * @throws ApiError with status 422 if a unique key is taken
   */
  public ObjectNode add(ObjectNode row) {
    return put(row);
  }

  /**
   * Replaces a row by a changed copy, whose {@code updated_at}, if any, becomes the store's time.
   *
   * @throws ApiError with status 404 if there is no such row, 422 if a unique key is taken
   */
  public ObjectNode change(String id, Consumer<ObjectNode> change) {
    ObjectNode copy = get(id).deepCopy();
    if (copy.has("updated_at")) {
      copy.put("updated_at", store.now());
    }
    change.accept(copy);
    return put(copy);
  }

  /**
   * Removes a row and returns it.
   *
   * @throws ApiError with status 404 if there is none
   */
  public ObjectNode remove(String id) {
    ObjectNode row = get(id);
    store(id, null);
    store.changed(kind, id, row, null, () -> store(id, row));
    return row;
  }

  /** Changes all rows that match, as {@link #change} does. */
  public void changeAll(Predicate<ObjectNode> which, Consumer<ObjectNode> change) {
    stream().filter(which).toList().forEach(row -> change(row.path("id").asText(), change));
  }

  /** Removes all rows that match. */
  public void removeAll(Predicate<ObjectNode> which) {
    stream().filter(which).toList().forEach(row -> remove(row.path("id").asText()));
  }

  /** Sets the search text of rows, in lower case; it is computed once for each change of a row. */
  Table searched(Function<ObjectNode, String> by) {
    searchText = by;
    return this;
  }

  /** Adds an index by the text of a field. */
  Table indexed(String field) {
    return indexed(
        field, row -> row.hasNonNull(field) ? Stream.of(row.path(field).asText()) : Stream.empty());
  }

  /** Adds an index by keys that are derived from a row. */
  Table indexed(String name, Function<ObjectNode, Stream<String>> keys) {
    indexes.put(name, new Index(keys, null));
    return this;
  }

  /** Adds an index of unique keys; errors name the parameter if a key is taken. */
  Table unique(String name, String parameter, Function<ObjectNode, Stream<String>> keys) {
    indexes.put(name, new Index(keys, parameter));
    return this;
  }

  private ObjectNode put(ObjectNode row) {
    String id = row.path("id").asText();
    indexes.values().forEach(index -> index.checkUnique(id, row));
    ObjectNode before = rows.get(id);
    store(id, row);
    store.changed(kind, id, before, row, () -> store(id, before));
    return row;
  }

  private void store(String id, @Nullable ObjectNode row) {
    version++;
    ObjectNode before = row == null ? rows.remove(id) : rows.put(id, row);
    if (row == null) {
      searchTexts.remove(id);
    } else {
      searchTexts.put(id, searchText.apply(row));
    }
    for (Index index : indexes.values()) {
      if (before != null) {
        index.remove(id, before);
      }
      if (row != null) {
        index.add(id, row);
      }
    }
  }

  private Index index(String name) {
    Index index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException("%s has no index %s".formatted(kind, name));
    }
    return index;
  }

  private static final class Index {
    private final Function<ObjectNode, Stream<String>> keys;
    private final @Nullable String uniqueParameter;
    private final Map<String, TreeSet<String>> ids = new HashMap<>();

    Index(Function<ObjectNode, Stream<String>> keys, @Nullable String uniqueParameter) {
      this.keys = keys;
      this.uniqueParameter = uniqueParameter;
    }

    Set<String> ids(String key) {
      return ids.getOrDefault(key, new TreeSet<>());
    }

    void checkUnique(String id, ObjectNode row) {
      if (uniqueParameter != null
          && keys.apply(row).anyMatch(key -> !Set.of(id).containsAll(ids(key)))) {
        throw ApiError.taken(uniqueParameter);
      }
    }

    void add(String id, ObjectNode row) {
      keys.apply(row).forEach(key -> ids.computeIfAbsent(key, k -> new TreeSet<>()).add(id));
    }

    void remove(String id, ObjectNode row) {
      keys.apply(row)
          .forEach(
              key -> {
                Set<String> same = ids.get(key);
                if (same != null && same.remove(id) && same.isEmpty()) {
                  ids.remove(key);
                }
              });
    }
  }
}
