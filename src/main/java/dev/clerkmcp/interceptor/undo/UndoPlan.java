package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
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

  /** Whether the recorded requests changed nothing, as far as Clerk's responses show. */
  public boolean isEmpty() {
    return calls.isEmpty() && lost.isEmpty();
  }

  /** Whether the calls restore everything that was changed. */
  public boolean isComplete() {
    return !calls.isEmpty() && lost.isEmpty();
  }

  /** A call of a tool, and its purpose. */
  public record Step(String tool, ObjectNode arguments, String why) {}

  /** Collects the parts of a restoration. */
  static final class Draft {
    private static final String PRIVATE = "private_metadata";

    private final List<Step> calls = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> lost = new LinkedHashSet<>();

    /** The calls that create a deleted object again, by its former ID. */
    private final Map<String, Step> recreated = new HashMap<>();

    /**
     * For each object that an earlier call creates again, by its former ID, the identifier by which
     * later calls find the new object; empty if it has none.
     */
    private final Map<String, String> identifiers = new HashMap<>();

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

    /** Adds a call; adds a loss and returns false if it needs an object that cannot be found. */
    boolean call(String tool, ObjectNode arguments, String why) {
      ObjectNode current = clearingNulls(withoutFormerNames(arguments));
      for (Map.Entry<String, JsonNode> argument : current.properties()) {
        String identifier = identifiers.get(argument.getValue().asText());
        if (identifier != null && identifier.isEmpty()) {
          lose(
              "%s: %s has another ID when it is created again, and nothing else to find it by."
                  .formatted(tool, argument.getValue().asText()));
          return false;
        }
        if (identifier != null) {
          argument.setValue(TextNode.valueOf(identifier));
        }
      }
      return calls.add(new Step(tool, current, why));
    }

    /** Notes that the last call creates an object again. */
    void recreates(JsonNode former) {
      String id = former.path("id").asText();
      if (!id.isEmpty()) {
        recreated.put(id, calls.get(calls.size() - 1));
        identifiers.put(id, identifier(former));
      }
    }

    /** The call that creates the object with this former ID again; null if none does. */
    @Nullable Step findRecreation(String id) {
      return recreated.get(id);
    }

    /** A text that Clerk's tools take instead of the ID; empty if the object has none. */
    private static String identifier(JsonNode former) {
      ClerkUser user = new ClerkUser(former);
      for (Identifier kind : List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER)) {
        for (ClerkUser.Contact contact : user.contacts(kind)) {
          if (contact.isProven()) {
            return contact.value();
          }
        }
      }
      boolean isOrganization = former.path("object").asText().equals("organization");
      return former.path(isOrganization ? "slug" : "username").asText("");
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
      if (!recorded.isObject() && Fingerprint.isIn(recorded)) {
        boolean isPart = recorded.isTextual() && !Fingerprint.is(recorded);
        lose(
            "%s %s a secret, of which only the fingerprint was kept."
                .formatted(shown(path), isPart ? "contained" : "was"));
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

    /** The keys of private metadata are private too. */
    private static String shown(String path) {
      return path.startsWith(PRIVATE + ".") ? "A part of " + PRIVATE : path;
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
