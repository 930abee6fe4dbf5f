package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.RowPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes rows of JSON as the lines of a CSV file that a spreadsheet opens without running anything.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public final class CsvTable {
  /**
   * CSV injection: text that a spreadsheet would run as a formula, at the beginning of a cell or of
   * what a spreadsheet that separates cells by semicolons or tabs would take for one. Strangers can
   * write names and addresses. Some spreadsheets read full-width signs as well, and ignore spaces,
   * invisible characters and quotation marks before them. Numbers and phone numbers are exempt.
   */
  private static final Pattern FORMULA =
      Pattern.compile(
          "(?<=^|[;\t\n])(?=[\\s\\p{Z}\\p{Cf}\"']*+"
              + "[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B])"
              + "(?![+-]\\d{1,15}(?:\\.\\d{1,15})?(?:[;\t\n]|$))|^(?=\t)");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private final List<Column> columns;

  /**
   * A column.
   *
   * @param path leads from the row to the value; in a list, to the value in each item
   */
  private record Column(String name, RowPath path) {
    static Column ofField(String name) {
      return new Column(name, new RowPath(List.of(name)));
    }

    static Column ofPath(RowPath path) {
      return new Column(path.toString(), path);
    }
  }

  /**
   * Chooses the columns.
   *
   * @param fields the fields that the rows have
   * @param asked the fields and paths that the caller asked for; a path replaces its whole field
   */
  CsvTable(Collection<String> fields, Collection<String> asked) {
    List<RowPath> paths = asked.stream().map(RowPath::of).distinct().toList();
    List<Column> chosen = new ArrayList<>();
    for (String field : fields) {
      List<Column> within =
          paths.stream()
              .filter(path -> !path.keys().isEmpty() && path.keys().get(0).equals(field))
              .map(Column::ofPath)
              .toList();
      chosen.addAll(within.isEmpty() ? List.of(Column.ofField(field)) : within);
    }
    this.columns = List.copyOf(chosen);
  }

  /** The names of the columns, in their order. */
  List<String> columns() {
    return columns.stream().map(Column::name).toList();
  }

  /** The first line, with its line break. */
  String header() {
    return line(columns().stream().map(CsvTable::cell).toList());
  }

  /** The line of a row, with its line break. */
  String line(JsonNode row) {
    return line(columns.stream().map(column -> cell(column.path().in(row))).toList());
  }

  private static String line(List<String> cells) {
    return String.join(",", cells) + "\r\n";
  }

  /** A list of texts becomes words; any other list and an object stay JSON. */
  private static String cell(JsonNode value) {
    if (value.isArray() && value.valueStream().allMatch(JsonNode::isTextual)) {
      return cell(String.join(" ", value.valueStream().map(JsonNode::asText).toList()));
    }
    return cell(value.isContainerNode() ? value.toString() : value.asText(""));
  }

  private static String cell(String text) {
    String shown = CONTROL.matcher(text).replaceAll(" ");
    return "\"" + FORMULA.matcher(shown).replaceAll("'").replace("\"", "\"\"") + "\"";
  }
}
