package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clerkmcp.json.Json;
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

  /**
   * Each column is a path of field names from the row to the value; in a list, to the value in each
   * item.
   */
  private final List<List<String>> columns;

  /**
   * Chooses the columns.
   *
   * @param fields the fields that the rows have
   * @param asked the fields and paths that the caller asked for; a path replaces its whole field
   */
  CsvTable(Collection<String> fields, Collection<String> asked) {
    List<List<String>> paths = asked.stream().map(CsvTable::names).distinct().toList();
    List<List<String>> chosen = new ArrayList<>();
    for (String field : fields) {
      List<List<String>> within = paths.stream().filter(path -> path.get(0).equals(field)).toList();
      chosen.addAll(within.isEmpty() ? List.of(List.of(field)) : within);
    }
    this.columns = List.copyOf(chosen);
  }

  /** The names of a path below the row: {@code data[].email_addresses.id} has two. */
  public static List<String> names(String path) {
    String inRow = path.strip().replaceFirst("^data(\\[\\])?\\.", "").replace("[]", "");
    return List.of(inRow.split("\\.", -1));
  }

  /** The names of the columns, in their order. */
  List<String> columns() {
    return columns.stream().map(names -> String.join(".", names)).toList();
  }

  /** The first line, with its line break. */
  String header() {
    return line(columns().stream().map(CsvTable::cell).toList());
  }

  /** The line of a row, with its line break. */
  String line(JsonNode row) {
    return line(columns.stream().map(names -> cell(value(row, names))).toList());
  }

  private static String line(List<String> cells) {
    return String.join(",", cells) + "\r\n";
  }

  private static JsonNode value(JsonNode row, List<String> names) {
    JsonNode value = row;
    for (String name : names) {
      value = step(value, name);
    }
    return value;
  }

  private static JsonNode step(JsonNode value, String name) {
    if (!(value instanceof ArrayNode items)) {
      return value.path(name);
    }
    ArrayNode found = Json.array();
    for (JsonNode item : items) {
      JsonNode inItem = step(item, name);
      if (inItem instanceof ArrayNode several) {
        found.addAll(several);
      } else if (!inItem.isMissingNode()) {
        found.add(inItem);
      }
    }
    return found;
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
