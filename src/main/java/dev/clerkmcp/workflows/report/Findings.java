package dev.clerkmcp.workflows.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.export.ExportFile;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.workflows.report.SecurityReport.Finding;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found: how much of each kind, the first rows, and all of them in a file if wanted. */
final class Findings {
  private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
  private final Map<Finding, ArrayNode> first = new EnumMap<>(Finding.class);
  private final int shownRows;
  private final @Nullable ExportFile file;

  /**
   * Prepares it.
   *
   * @param shownRows how many rows of each kind are answered
   * @param file where all rows go, or null
   */
  Findings(Set<Finding> wanted, int shownRows, @Nullable ExportFile file) {
    wanted.forEach(finding -> counts.put(finding, 0L));
    this.shownRows = shownRows;
    this.file = file;
  }

  /** Takes a row, unless nobody asked for that kind. */
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

  /** The numbers before the rows, and the file last. */
  void addTo(ObjectNode answer) {
    ObjectNode numbers = answer.putObject("counts");
    counts.forEach((finding, count) -> numbers.put(finding.word(), count));
    ObjectNode rows = Json.object();
    first.forEach((finding, shown) -> rows.set(finding.word(), shown));
    if (shownRows > 0 && !rows.isEmpty()) {
      answer.set("first", rows);
    }
    if (file != null) {
      answer.put("file", file.path().toString()).put("rows", file.count());
    }
  }
}
