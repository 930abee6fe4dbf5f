package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls that undo a change.
 *
 * @param calls in the order in which they are made
 * @param warnings what to know before making the calls
 * @param lost what the calls do not bring back, and why; without calls and losses, the recorded
 *     request changed nothing
 */
public record UndoPlan(List<Step> calls, List<String> warnings, List<String> lost) {
  public UndoPlan {
    calls = List.copyOf(calls);
    warnings = List.copyOf(warnings);
    lost = List.copyOf(lost);
  }

  /** A call of a tool, and its purpose. */
  public record Step(String tool, ObjectNode arguments, String why) {}

  /** Collects the parts of a restoration. */
  static final class Draft {
    private final List<Step> calls = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> lost = new LinkedHashSet<>();

    void call(String tool, ObjectNode arguments, String why) {
      calls.add(new Step(tool, clearingNulls(withoutFormerNames(arguments)), why));
    }

    /** Names the arguments that are null in {@code clear}, since a null means not given. */
    private static ObjectNode clearingNulls(ObjectNode arguments) {
      List<String> nulls =
          arguments
              .propertyStream()
              .filter(argument -> argument.getValue().isNull())
              .map(Map.Entry::getKey)
              .toList();
      arguments.remove(nulls);
      nulls.forEach(name -> arguments.withArray(ArgumentSchema.CLEAR).add(name));
      return arguments;
    }

    void warn(String sentence) {
      warnings.add(sentence);
    }

    void lose(String sentence) {
      lost.add(sentence);
    }

    /**
     * The part of a recorded value that may be sent; null if none may. A secret was recorded as a
     * fingerprint, which must not be sent instead, so it is reported as lost.
     */
    @Nullable JsonNode withoutSecrets(String path, JsonNode recorded) {
      if (Fingerprint.is(recorded) || (recorded.isArray() && holdsFingerprint(recorded))) {
        lose("%s was a secret, and only its fingerprint was kept.".formatted(path));
        return null;
      }
      if (!recorded.isObject()) {
        return recorded;
      }
      ObjectNode rest = Json.object();
      for (Map.Entry<String, JsonNode> entry : recorded.properties()) {
        JsonNode value = withoutSecrets(path + "." + entry.getKey(), entry.getValue());
        if (value != null) {
          rest.set(entry.getKey(), value);
        }
      }
      return rest;
    }

    private static boolean holdsFingerprint(JsonNode node) {
      return Fingerprint.is(node) || node.valueStream().anyMatch(Draft::holdsFingerprint);
    }

    /** Removes former names of fields, which Clerk returns beside the current names. */
    private static ObjectNode withoutFormerNames(ObjectNode arguments) {
      List<String> names = new ArrayList<>();
      arguments.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        if (name.startsWith("scim_") && arguments.has(name.replaceFirst("scim", "directory"))) {
          arguments.remove(name);
        }
      }
      for (JsonNode item : arguments.path("mappings")) {
        if (item instanceof ObjectNode mapping) {
          withoutFormerNames(mapping);
        }
      }
      return arguments;
    }

    UndoPlan done() {
      if (calls.isEmpty() && lost.isEmpty() && warnings.isEmpty()) {
        warn("The call changed nothing, as far as Clerk's responses show.");
      }
      return new UndoPlan(calls, List.copyOf(warnings), List.copyOf(lost));
    }
  }
}
