package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.registry.ToolDefinition;
import java.util.Collection;
import java.util.Set;

/**
 * Thinks out which calls put a change back, from the path of the operation and what was kept of the
 * change. It asks Clerk nothing, so what has happened since then is not in the plan.
 */
public final class UndoPlan {
  private static final Set<String> IMAGES = Set.of("logo", "profile_image");

  private final InverseOperation opposite;
  private final RestoreContacts formerContacts;
  private final RestoreFields formerFields;
  private final RestoreTemplate formerText;
  private final UndoCreate takingAway;
  private final UndoDelete recreation;

  /** Plans with the given tools. */
  public UndoPlan(Collection<ToolDefinition> tools) {
    ToolLookup toolbox = new ToolLookup(tools);
    opposite = new InverseOperation(toolbox);
    formerContacts = new RestoreContacts(toolbox);
    formerFields = new RestoreFields(toolbox);
    formerText = new RestoreTemplate(toolbox);
    takingAway = new UndoCreate(toolbox);
    recreation = new UndoDelete(toolbox);
  }

  /** What to call, and what does not come back. */
  public Restoration of(Change change) {
    Restoration.Draft draft = new Restoration.Draft();
    JsonNode before = change.before();
    boolean wasSo = before != null && KnownEffect.isThere(change.endpoint(), before);
    if (!wasSo || isUpload(change)) {
      restore(change, draft);
    }
    return draft.done();
  }

  private void restore(Change change, Restoration.Draft draft) {
    String reason = FinalOperations.findReason(change.endpoint());
    ToolDefinition back = opposite.find(change);
    if (reason != null) {
      draft.lose(reason);
    } else if (back != null) {
      opposite.restore(change, back, draft);
    } else if (isUpload(change)) {
      restoreImage(change, draft);
    } else if (RestoreContacts.isReplaced(change)) {
      formerContacts.restore(change, draft);
    } else if (RestoreTemplate.isReplaced(change)) {
      formerText.restore(change, draft);
    } else {
      restoreByMethod(change, draft);
    }
  }

  private void restoreByMethod(Change change, Restoration.Draft draft) {
    switch (change.endpoint().method()) {
      case "PATCH", "PUT" -> formerFields.restore(change, draft);
      case "DELETE" -> recreation.restore(change, draft);
      default -> {
        if (change.lastSegment().equals("revoke")) {
          recreation.restore(change, draft);
        } else {
          takingAway.restore(change, draft);
        }
      }
    }
  }

  /** Before the first image there was none, and that can be had again. */
  private void restoreImage(Change change, Restoration.Draft draft) {
    JsonNode before = change.before();
    if (before != null && before.path("has_image").equals(BooleanNode.FALSE)) {
      takingAway.restore(change, draft);
    } else {
      draft.lose(
          "Clerk does not give back an image; the former one must be uploaded from its file.");
    }
  }

  private static boolean isUpload(Change change) {
    return IMAGES.contains(change.lastSegment()) && !change.endpoint().method().equals("DELETE");
  }
}
