package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.ChangeHistory.RecordedChange;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Provides the tool that plans how to undo a change. It changes nothing itself. */
@ToolGroup(id = "undo", description = "Undo: the latest changes, and the calls that undo them")
public final class UndoTools {
  private static final int MAX_SHOWN = 10;

  private final ChangeHistory changes;
  private final Supplier<UndoPlanWriter> undo;

  public UndoTools(ChangeHistory changes, Supplier<UndoPlanWriter> undo) {
    this.changes = changes;
    this.undo = undo;
  }

  @Tool(
      name = "clerk_undo_plan",
      title = "Plan undo",
      effect = Effect.READ,
      needsInstance = false,
      core = true)
  @Description("Show the calls that undo a change; without change, the latest changes.")
  public JsonNode plan(
      @Arg("chg_...") @Nullable String change,
      @Arg(value = "Calls to skip", min = 0) @Nullable Integer offset) {
    if (change == null) {
      return latest();
    }
    RecordedChange recorded = changes.find(change);
    if (recorded == null) {
      throw InvalidArgumentsException.of("change", unknown());
    }
    ObjectNode answer = Json.object();
    answer.set("change", row(recorded));
    return answer.setAll(undo.get().toJson(recorded, offset == null ? 0 : offset));
  }

  private String unknown() {
    if (!changes.isEmpty()) {
      return "is not known here; without it, the changes that are known are listed";
    }
    return changes.isKept()
        ? "is not known here; %s has no change on record".formatted(Setting.AUDIT_LOG)
        : "is not known here: this process has recorded no change. %s keeps changes for later processes"
            .formatted(Setting.AUDIT_LOG);
  }

  private JsonNode latest() {
    ArrayNode rows = Json.array();
    List<RecordedChange> all =
        changes.list().stream().filter(change -> !undo.get().plan(change).isEmpty()).toList();
    for (RecordedChange change : all.subList(0, Math.min(MAX_SHOWN, all.size()))) {
      rows.add(row(change));
    }
    ObjectNode answer = Json.object();
    answer.set("changes", rows);
    return answer.put("total_count", all.size());
  }

  private ObjectNode row(RecordedChange change) {
    ObjectNode row =
        Json.object()
            .put("change", change.id())
            .put("time", IsoTime.of(change.time()))
            .put("tool", change.tools())
            .put("instance", change.instance())
            .put("target", undo.get().target(change));
    undo.get().addFields(change, row);
    return row;
  }
}
