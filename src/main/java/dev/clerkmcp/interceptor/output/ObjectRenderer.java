package dev.clerkmcp.interceptor.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows one kind of Clerk's objects as its {@link View} declares, as a row or alone. */
final class ObjectRenderer {
  /** In {@link View#more}: all fields that no column shows. */
  private static final String REST = "*";

  private static final String FLAGS = "flags";

  private final List<Column> row;
  private final List<Flag> flags;
  private final List<Column> also;
  private final List<Column> more;
  private final boolean rest;
  private final Set<String> except;
  private final Set<String> coveredInRow;
  private final Set<String> coveredAlone;

  ObjectRenderer(View view) {
    this.row = columns(view.row());
    this.also = columns(view.also());
    this.flags = flags(view);
    this.rest = List.of(view.more()).contains(REST);
    this.more =
        columns(Arrays.stream(view.more()).filter(m -> !m.equals(REST)).toArray(String[]::new));
    this.except = Set.of(view.except());
    this.coveredInRow = coveredBy(row);
    this.coveredAlone = coveredBy(Stream.concat(row.stream(), more.stream()).toList());
  }

  private static List<Column> columns(String[] texts) {
    return Arrays.stream(texts).map(Column::parse).toList();
  }

  /**
   * The flags of a view. {@link dev.clerkmcp.clerk.model.ClerkUser} computes those of users, and
   * which contacts are unverified, because other answers show them as well.
   */
  private static List<Flag> flags(View view) {
    if (view.of().equals(ClerkUser.OBJECT)) {
      return Arrays.stream(ClerkUser.Flag.values()).map(Flag::ofUsers).toList();
    }
    List<Flag> flags = new ArrayList<>();
    if (ClerkUser.Identifier.isContact(view.of())) {
      flags.add(Flag.UNVERIFIED);
    }
    Arrays.stream(view.flags()).map(Flag::parse).forEach(flags::add);
    return flags;
  }

  /** The fields whose values these columns and the flags already show. */
  private Set<String> coveredBy(List<Column> columns) {
    Set<String> covered = new HashSet<>();
    columns.forEach(column -> column.paths().forEach(part -> covered.addAll(part.covered())));
    flags.forEach(flag -> covered.addAll(flag.covered()));
    return covered;
  }

  /**
   * A value that the view shows.
   *
   * @param paths where it comes from; the values of several are joined to one text
   * @param day whether a row shows the day of a time alone
   * @param unless another time: a row leaves this one out if both are on the same day; null for
   *     none
   */
  private record Column(
      String name, List<FieldPath> paths, boolean day, @Nullable FieldPath unless) {
    private static final String AS_DAY = " as day";
    private static final String UNLESS = " unless ";

    /**
     * Reads {@code path}, {@code name = path}, {@code name = path + path}, {@code path as day} or
     * {@code path as day unless path}.
     */
    static Column parse(String declared) {
      int unless = declared.indexOf(UNLESS);
      String column = unless < 0 ? declared : declared.substring(0, unless);
      boolean day = column.endsWith(AS_DAY);
      String text = day ? column.substring(0, column.length() - AS_DAY.length()) : column;
      int equals = text.indexOf('=');
      List<FieldPath> paths = new ArrayList<>();
      for (String path : text.substring(equals + 1).split("\\+", -1)) {
        paths.add(FieldPath.parse(path.strip()));
      }
      String name = equals < 0 ? paths.get(0).name() : text.substring(0, equals).strip();
      return new Column(
          name,
          List.copyOf(paths),
          day,
          unless < 0 ? null : FieldPath.parse(declared.substring(unless + UNLESS.length())));
    }

    /** The day of its time, as text; empty if it is no time or a row leaves it out. */
    String dayIn(JsonNode object) {
      String day = dayOf(paths.get(0), object);
      return unless != null && day.equals(dayOf(unless, object)) ? "" : day;
    }

    private static String dayOf(FieldPath path, JsonNode object) {
      return TimeFields.day(path.name(), path.in(object));
    }

    /** The value of the column; a missing node if the object does not have it. */
    JsonNode in(JsonNode object) {
      if (paths.size() == 1) {
        return paths.get(0).in(object);
      }
      List<String> words = new ArrayList<>();
      for (FieldPath path : paths) {
        String word = path.in(object).asText("");
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      return words.isEmpty()
          ? MissingNode.getInstance()
          : TextNode.valueOf(String.join(" ", words));
    }
  }

  /**
   * A word that the view shows if a condition holds.
   *
   * @param covered the fields that need not be shown as well
   */
  private record Flag(String word, List<String> covered, Predicate<JsonNode> holds) {
    /** The mark of a contact that does not name its user. */
    static final Flag UNVERIFIED =
        new Flag(
            "unverified",
            List.of(),
            contact -> contact.has("verification") && !ClerkUser.isProven(contact));

    static Flag ofUsers(ClerkUser.Flag flag) {
      return new Flag(flag.word(), List.of(flag.field()), object -> new ClerkUser(object).is(flag));
    }

    /**
     * Reads {@code path}, {@code word = path}, {@code word = !path} or {@code word = path:value}.
     * Without a value the flag holds for anything but false, zero and nothing; it never holds for
     * an object that does not have the field.
     */
    static Flag parse(String text) {
      int equals = text.indexOf('=');
      String condition = text.substring(equals + 1).strip();
      boolean negated = condition.startsWith("!");
      int colon = condition.indexOf(':');
      FieldPath path =
          FieldPath.parse(
              condition.substring(negated ? 1 : 0, colon < 0 ? condition.length() : colon));
      String expected = colon < 0 ? null : condition.substring(colon + 1);
      return new Flag(
          equals < 0 ? path.name() : text.substring(0, equals).strip(),
          path.covered(),
          object -> path.hasRootIn(object) && negated != isSo(path.in(object), expected));
    }

    private static boolean isSo(JsonNode value, @Nullable String expected) {
      return expected == null
          ? value.isContainerNode() ? !value.isEmpty() : value.asBoolean(value.isTextual())
          : value.asText().equals(expected);
    }
  }

  /** Whether a value is not worth showing. */
  static boolean isNothing(JsonNode value) {
    return value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
  }

  /** Shows the values of a view's columns. */
  interface Nested {
    /**
     * Shows a value.
     *
     * @param field Clerk's name of it
     */
    JsonNode shown(String field, JsonNode value);
  }

  /**
   * Shows an object.
   *
   * @param alone whether it is the whole answer rather than a row
   * @param given values that the caller knows already, by the names of columns
   * @param brief whether times that are declared so are shown as days
   */
  ObjectNode show(JsonNode object, boolean alone, ObjectNode given, boolean brief, Nested nested) {
    ObjectNode shown = Json.object();
    show(given.isEmpty() ? row : unknown(object, given), object, brief, nested, shown);
    ArrayNode words = words(object);
    if (!words.isEmpty()) {
      shown.set(FLAGS, words);
    }
    if (!alone) {
      return shown;
    }
    show(more, object, false, nested, shown);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      boolean wanted = rest && !except.contains(name) && !coveredAlone.contains(name);
      if (wanted && !FieldCatalog.isNoise(name) && !isNothing(field.getValue())) {
        shown.set(name, nested.shown(name, field.getValue()));
      }
    }
    return shown;
  }

  /** Whether a row shows the value of one of Clerk's fields. */
  boolean hasInRow(String field) {
    return coveredInRow.contains(field);
  }

  /** The names of the columns, of which Clerk's object may have other names. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    Stream.concat(row.stream(), more.stream()).forEach(column -> names.add(column.name()));
    if (!flags.isEmpty()) {
      names.add(FLAGS);
    }
    return names;
  }

  /**
   * The columns that are new to the caller: without the organization or user that the call names.
   */
  private List<Column> unknown(JsonNode object, ObjectNode given) {
    Set<String> known = new TreeSet<>();
    for (Column column : row) {
      JsonNode value = given.path(column.name());
      if (value.isTextual() && value.equals(column.in(object))) {
        column.paths().forEach(path -> known.add(path.root()));
      }
    }
    return known.isEmpty()
        ? row
        : row.stream().filter(column -> !known.contains(column.paths().get(0).root())).toList();
  }

  /**
   * The value of the column of a name, all flags, or whether one flag holds; null if the view has
   * none of the name.
   */
  @Nullable JsonNode find(String name, JsonNode object) {
    if (name.equals(FLAGS) && !flags.isEmpty()) {
      return words(object);
    }
    Column column = findColumn(name);
    if (column != null) {
      return column.in(object);
    }
    Flag flag = findFlag(name);
    return flag == null ? null : BooleanNode.valueOf(flag.holds().test(object));
  }

  /** The value that a caller asks for by a name that is not Clerk's; null if there is none. */
  @Nullable JsonNode findAsked(String name, JsonNode object) {
    JsonNode found = find(name, object);
    return found != null
        ? found
        : also.stream()
            .filter(column -> column.name().equals(name))
            .map(column -> column.in(object))
            .findFirst()
            .orElse(null);
  }

  private @Nullable Column findColumn(String name) {
    return Stream.concat(row.stream(), more.stream())
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Flag findFlag(String word) {
    return flags.stream().filter(flag -> flag.word().equals(word)).findFirst().orElse(null);
  }

  /** The names of the columns, and the words of the flags, by which rows are selected. */
  Set<String> selectable() {
    Set<String> names = new TreeSet<>();
    Stream.concat(row.stream(), more.stream()).forEach(column -> names.add(column.name()));
    flags.forEach(flag -> names.add(flag.word()));
    return names;
  }

  /** Clerk's fields that a column or flag is made from; empty for any other name. */
  Set<String> sources(String name) {
    Column column = findColumn(name);
    if (column != null) {
      Set<String> sources = new TreeSet<>();
      column.paths().forEach(path -> sources.addAll(path.names()));
      return sources;
    }
    Flag flag = findFlag(name);
    return flag == null ? Set.of() : Set.copyOf(flag.covered());
  }

  private static void show(
      List<Column> columns, JsonNode object, boolean brief, Nested nested, ObjectNode shown) {
    for (Column column : columns) {
      JsonNode value = column.in(object);
      if (brief && column.day()) {
        String day = column.dayIn(object);
        if (!day.isEmpty()) {
          shown.put(column.name(), day);
        }
      } else if (!isNothing(value)) {
        String field = column.paths().get(0).name();
        shown.set(column.name(), nested.shown(field, value));
      }
    }
  }

  private ArrayNode words(JsonNode object) {
    ArrayNode words = Json.array();
    for (Flag flag : flags) {
      if (flag.holds().test(object)) {
        words.add(flag.word());
      }
    }
    return words;
  }
}
