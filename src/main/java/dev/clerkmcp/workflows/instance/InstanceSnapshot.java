package dev.clerkmcp.workflows.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.workflows.support.ErrorRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What could be read of an instance, and why the rest could not.
 *
 * @param found contents by the names of areas
 * @param missing what is told of the other areas, by their names
 */
record InstanceSnapshot(Map<String, ObjectNode> found, Map<String, ObjectNode> missing) {
  InstanceSnapshot {
    found = Map.copyOf(found);
    missing = Map.copyOf(missing);
  }

  /**
   * Reads the areas of an instance.
   *
   * @throws PartialFailureException if not one of them can be read
   * @throws RefusedException if the tool at work is switched off there
   */
  static InstanceSnapshot read(String instance, List<InstanceArea> areas) {
    return Invocation.current().at(instance, () -> readHere(instance, areas));
  }

  private static InstanceSnapshot readHere(String instance, List<InstanceArea> areas) {
    Invocation invocation = Invocation.current();
    invocation.checkCancelled();
    invocation.doing("Reading " + instance);
    Map<InstanceArea, Supplier<ObjectNode>> parts = new LinkedHashMap<>();
    areas.forEach(area -> parts.put(area, invocation.fork(area.read())));
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    Map<String, ObjectNode> missing = new LinkedHashMap<>();
    PartialFailureException failure = null;
    for (Map.Entry<InstanceArea, Supplier<ObjectNode>> part : parts.entrySet()) {
      String area = part.getKey().name();
      try {
        found.put(area, part.getValue().get());
      } catch (ClerkException e) {
        missing.put(area, row(area, instance, e));
        failure = new PartialFailureException(unreadable(instance), Json.object(), e);
      } catch (RefusedException e) {
        missing.put(area, row(area, instance, e.code(), String.valueOf(e.getMessage())));
        failure = new PartialFailureException(unreadable(instance), Json.object(), e);
      }
    }
    invocation.checkCancelled();
    if (found.isEmpty() && failure != null) {
      throw failure;
    }
    return new InstanceSnapshot(found, missing);
  }

  private static String unreadable(String instance) {
    return "Nothing could be read of the instance %s.".formatted(instance);
  }

  private static ObjectNode row(String area, String instance, ClerkException e) {
    ObjectNode row = row(area, instance, e.code(), String.valueOf(e.getMessage()));
    ErrorRow.addWait(row, e);
    return row;
  }

  private static ObjectNode row(String area, String instance, String code, String message) {
    return Json.object()
        .put("what", area)
        .put("instance", instance)
        .put("code", code)
        .put("message", message);
  }
}
