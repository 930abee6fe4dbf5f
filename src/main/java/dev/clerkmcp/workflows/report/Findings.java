package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import dev.clerkmcp.workflows.report.SecurityReport.SecurityQuestion;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects findings: the number of each kind, the first rows, and all rows in a file if one is
 * given.
 */
final class Findings {
  private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
  private final Map<Finding, ArrayNode> first = new EnumMap<>(Finding.class);
  private final int shownRows;
  private final @Nullable ExportFile file;

  /**
   * Prepares an empty collection.
   *
   * @param shownRows the number of rows of each kind in the answer
   * @param file the file for all rows, or null
   */
  Findings(Set<Finding> wanted, int shownRows, @Nullable ExportFile file) {
    wanted.forEach(finding -> counts.put(finding, 0L));
    this.shownRows = shownRows;
    this.file = file;
  }

  /** Adds a row; ignores a kind that was not asked for. */
  void add(Finding finding, ObjectNode row) {
    if (counts.computeIfPresent(finding, (kind, count) -> count + 1) == null) {
      return;
    }
    ArrayNode shown = first.computeIfAbsent(finding, kind -> Json.array());
    if (shown.size() < shownRows) {
      shown.add(row);
    }
    if (file != null) {
      ObjectNode line = Json.object().put("finding", finding.word());
      file.add(line.setAll(row));
    }
  }

  /**
   * Adds the counts, the first rows and the file to an answer, and the tools and conditions that
   * list all rows of a finding which has more than are shown.
   */
  void addTo(ObjectNode answer, SecurityQuestion question) {
    ObjectNode numbers = answer.putObject("counts");
    counts.forEach((finding, count) -> numbers.put(finding.word(), count));
    ObjectNode rows = Json.object();
    first.forEach((finding, shown) -> rows.set(finding.word(), shown));
    if (shownRows > 0 && !rows.isEmpty()) {
      answer.set("first", rows);
    }
    ObjectNode where = Json.object();
    counts.forEach(
        (finding, count) -> {
          if (shownRows > 0 && count > first.getOrDefault(finding, Json.array()).size()) {
            ArrayNode conditions = where.withObject("/" + finding.list()).putArray(finding.word());
            finding.where(question).forEach(conditions::add);
          }
        });
    if (!where.isEmpty()) {
      answer.set("where", where);
    }
    if (file != null) {
      answer.put("file", file.path().toString()).put("rows", file.count());
    }
  }
}
