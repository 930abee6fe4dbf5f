package dev.clerkmcp.interceptor.undo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces arguments that add entries to a stored value, or remove some, by the whole value that
 * Clerk takes. It reads the value right before the change, so that no entry is lost that the caller
 * has not seen, and those after it see what is sent.
 */
public final class StoredValueInterceptor implements ToolInterceptor {
  private static final String NOTHING = "Nothing was changed: everything was so already.";
  private static final int MAX_NEAREST = 3;

  /** An ID, which is similar to other IDs without a meaning. */
  private static final Pattern ID = Pattern.compile("[a-z]+_[A-Za-z0-9]{20,64}");

  private final VisibleTargets visible;

  public StoredValueInterceptor(VisibleTargets visible) {
    this.visible = visible;
  }

  /** The arguments for parts that a call had, by the objects whose values completed them. */
  private record Completed(Map<String, String> arguments) {}

  /**
   * The arguments for parts that a call had, by the ID of the object whose stored value completed
   * them, or by the name of the tool if there is no ID; empty if it had none.
   */
  public static Map<String, String> completed(ToolCallContext context) {
    return context.attribute(Completed.class, () -> new Completed(new HashMap<>())).arguments();
  }

  @Override
  public boolean concerns(ToolCallContext context) {
    return context.tool().arguments().all().stream().anyMatch(part -> !part.partOf().isEmpty());
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    Completion completion = new Completion(context);
    for (Argument argument : context.tool().arguments().all()) {
      if (!argument.storedAt().isEmpty()) {
        completion.complete(argument);
      }
    }
    return completion.changesNothing() ? completion.answer() : chain.proceed();
  }

  /** Completes the arguments of one call, and reads each object once. */
  private final class Completion {
    private final ToolCallContext context;
    private final Map<Endpoint, JsonNode> states = new HashMap<>();

    Completion(ToolCallContext context) {
      this.context = context;
    }

    /**
     * Replaces the arguments for parts of a value, if they are given, by the whole value.
     *
     * @throws InvalidArgumentsException if they contradict each other or the whole value
     * @throws RefusedException if the stored value is unknown
     */
    void complete(Argument argument) {
      JsonNode added = take(argument.adding());
      JsonNode removed = take(argument.removing());
      if (added == null && removed == null) {
        return;
      }
      if (context.arguments().has(argument.name())) {
        throw InvalidArgumentsException.of(
            argument.name(),
            "replaces the whole value, so it cannot be given with %s"
                .formatted(added == null ? argument.removing() : argument.adding()));
      }
      JsonNode stored = stored(argument, added == null ? argument.removing() : argument.adding());
      JsonNode whole = whole(argument, stored, added, removed);
      if (!JsonDiff.same(stored, whole)) {
        context.set(argument.name(), checked(argument, whole));
      }
    }

    /** Removes an argument; null if it is not given or empty. */
    private @Nullable JsonNode take(String name) {
      JsonNode value = context.arguments().get(name);
      context.set(name, null);
      return value == null || value.isEmpty() ? null : value;
    }

    private JsonNode stored(Argument argument, String part) {
      Endpoint read = Endpoint.parse(argument.storedAt());
      ObjectNode address = address(read);
      address.forEach(id -> completed(context).put(id.asText(), part));
      if (address.isEmpty()) {
        completed(context).put(context.tool().name(), part);
      }
      JsonNode state = states.computeIfAbsent(read, unread -> context.read(read, address));
      if (!visible.shows(state, read)) {
        throw unknown(argument, "the policy keeps tools from reading it");
      }
      JsonNode value = CurrentValue.find(argument.name(), state);
      boolean isObject = argument.type() instanceof ArgumentType.FreeObject;
      if (value != null && value.isNull()) {
        if (argument.clearable() && !isObject) {
          throw unknown(argument, "it is Clerk's default, of which Clerk returns no entries");
        }
        return isObject ? Json.object() : Json.array();
      }
      boolean isKnown =
          value != null
              && (argument.type() instanceof ArgumentType.Text
                  ? value.isTextual()
                  : isObject
                      ? value.isObject()
                      : value.isArray() && value.valueStream().allMatch(JsonNode::isTextual));
      if (value == null || !isKnown) {
        throw unknown(argument, "Clerk does not return it");
      }
      return value;
    }

    private ObjectNode address(Endpoint read) {
      ObjectNode address = Json.object();
      read.variables().forEach(name -> address.set(name, context.arguments().path(name)));
      return address;
    }

    private JsonNode whole(
        Argument argument, JsonNode stored, @Nullable JsonNode added, @Nullable JsonNode removed) {
      if (stored instanceof ObjectNode object) {
        return merged(argument, object, added, removed);
      }
      if (stored.isArray()) {
        ArrayNode list = Json.array();
        entries(argument, texts(stored), texts(added), texts(removed)).forEach(list::add);
        return list;
      }
      Set<String> words = entries(argument, words(stored), words(added), words(removed));
      return TextNode.valueOf(String.join(" ", words));
    }

    private Set<String> entries(
        Argument argument, Set<String> stored, Set<String> added, Set<String> removed) {
      Set<String> both = new LinkedHashSet<>(added);
      both.retainAll(removed);
      checkNone(argument, both);
      Set<String> known = new LinkedHashSet<>(added);
      known.retainAll(stored);
      noteKnown(argument, known);
      noteMissing(argument, stored, removed);
      Set<String> entries = new LinkedHashSet<>(stored);
      entries.addAll(added);
      entries.removeAll(removed);
      return entries;
    }

    private ObjectNode merged(
        Argument argument,
        ObjectNode stored,
        @Nullable JsonNode added,
        @Nullable JsonNode removed) {
      ObjectNode merged = stored.deepCopy();
      Set<String> names = texts(removed);
      Set<String> both = new LinkedHashSet<>();
      Set<String> known = new LinkedHashSet<>();
      for (Map.Entry<String, JsonNode> field :
          (added == null ? Json.object() : added).properties()) {
        if (field.getValue().isNull()) {
          throw InvalidArgumentsException.of(
              "%s.%s".formatted(argument.adding(), field.getKey()),
              "is null; to remove it, name it in %s".formatted(argument.removing()));
        }
        if (names.contains(field.getKey())) {
          both.add(field.getKey());
        }
        JsonNode former = merged.replace(field.getKey(), field.getValue());
        if (former != null && JsonDiff.same(former, field.getValue())) {
          known.add(field.getKey());
        }
      }
      checkNone(argument, both);
      noteKnown(argument, known);
      Set<String> fields = new LinkedHashSet<>();
      stored.fieldNames().forEachRemaining(fields::add);
      noteMissing(argument, fields, names);
      return merged.remove(names);
    }

    private static void checkNone(Argument argument, Set<String> both) {
      if (!both.isEmpty()) {
        throw InvalidArgumentsException.of(
            argument.adding(),
            "names %s, and so does %s; it can only be one of them"
                .formatted(listed(both), argument.removing()));
      }
    }

    private void noteKnown(Argument argument, Set<String> known) {
      if (!known.isEmpty()) {
        context.noteForGood("%s: already there: %s.".formatted(argument.adding(), listed(known)));
      }
    }

    private void noteMissing(Argument argument, Set<String> stored, Set<String> removed) {
      Set<String> missing = new LinkedHashSet<>(removed);
      missing.removeAll(stored);
      if (missing.isEmpty()) {
        return;
      }
      Set<String> nearest = new LinkedHashSet<>();
      missing.stream()
          .filter(name -> !ID.matcher(name).matches())
          .limit(QuotedText.MAX_LISTED)
          .forEach(name -> nearest.addAll(NameSuggestions.similar(name, stored, MAX_NEAREST)));
      context.noteForGood(
          "%s: not there: %s%s."
              .formatted(
                  argument.removing(),
                  listed(missing),
                  NameSuggestions.hint(nearest.stream().map(QuotedText::plain).toList())));
    }

    /** Whether everything is so already that the call would change. */
    boolean changesNothing() {
      Set<String> rest = new LinkedHashSet<>();
      context.arguments().fieldNames().forEachRemaining(rest::add);
      states.keySet().forEach(read -> rest.removeAll(read.variables()));
      return !states.isEmpty() && rest.isEmpty();
    }

    /** The answer of a call that changes nothing, without a request. */
    JsonNode answer() {
      ObjectNode answer = Json.object();
      if (context.options().dryRun()) {
        answer.put("dry_run", true).put("sent", "nothing");
      }
      states.values().forEach(state -> answer.set("id", state.path("id")));
      if (answer.path("id").isMissingNode()) {
        answer.remove("id");
      }
      answer.putArray("changed");
      context.noteForGood(NOTHING);
      return answer;
    }
  }

  private static RefusedException unknown(Argument argument, String reason) {
    return new RefusedException(
        "stored_value_unknown",
        "%s: what is stored now is not known: %s. Nothing was changed."
            .formatted(argument.name(), reason),
        "Give %s whole, with all that shall stay, instead of %s and %s."
            .formatted(argument.name(), argument.adding(), argument.removing()));
  }

  /**
   * The value as the argument takes it.
   *
   * @throws InvalidArgumentsException if it has too many entries, or none where some are needed
   */
  private static JsonNode checked(Argument argument, JsonNode whole) {
    long size = whole.isTextual() ? whole.textValue().length() : whole.size();
    long min = Long.MIN_VALUE;
    long max = Long.MAX_VALUE;
    if (argument.type() instanceof ArgumentType.Items list) {
      min = list.min();
      max = list.max();
    } else if (argument.type() instanceof ArgumentType.Text text) {
      min = 1; // an empty text is a placeholder
      max = text.max();
    }
    if (size < min) {
      throw InvalidArgumentsException.of(argument.removing(), "must leave something");
    }
    if (size > max) {
      throw InvalidArgumentsException.of(
          argument.adding(),
          "makes %s too long: %s, and at most %s are allowed"
              .formatted(argument.name(), size, max));
    }
    return whole;
  }

  private static String listed(Set<String> entries) {
    return QuotedText.first(entries.stream().map(QuotedText::plain).toList());
  }

  private static Set<String> texts(@Nullable JsonNode list) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode text : list == null ? Json.array() : list) {
      texts.add(text.asText());
    }
    return texts;
  }

  /** The words of a text, or of all texts of a list. */
  private static Set<String> words(@Nullable JsonNode value) {
    List<String> words = new ArrayList<>();
    Set<String> texts =
        value != null && value.isTextual() ? Set.of(value.textValue()) : texts(value);
    texts.forEach(text -> words.addAll(Arrays.asList(text.strip().split("\\s+", -1))));
    words.removeIf(String::isEmpty);
    return new LinkedHashSet<>(words);
  }
}
