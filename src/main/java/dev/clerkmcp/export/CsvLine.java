package dev.clerkmcp.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One line of a table for spreadsheets.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvLine {
  /**
   * What a spreadsheet would run as a formula; names and addresses are written by strangers. A
   * phone number is none.
   */
  private static final Pattern FORMULA = Pattern.compile("(?s)(?!\\+\\d{1,15}$)[=+\\-@\t\r].*");

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private final List<String> cells = new ArrayList<>();

  void add(JsonNode value) {
    if (value.isArray() && allTexts(value)) {
      List<String> words = new ArrayList<>();
      value.forEach(word -> words.add(word.asText()));
      add(String.join(" ", words));
    } else {
      add(value.isContainerNode() ? value.toString() : value.asText(""));
    }
  }

  void add(String text) {
    String shown = CONTROL.matcher(text).replaceAll(" ");
    if (FORMULA.matcher(shown).matches() && !NUMBER.matcher(shown).matches()) {
      shown = "'" + shown;
    }
    boolean quoted = shown.contains(",") || shown.contains("\"") || shown.contains("\n");
    cells.add(quoted ? "\"" + shown.replace("\"", "\"\"") + "\"" : shown);
  }

  String text() {
    return String.join(",", cells) + "\r\n";
  }

  private static boolean allTexts(JsonNode list) {
    for (JsonNode item : list) {
      if (!item.isTextual()) {
        return false;
      }
    }
    return true;
  }
}
