package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.confirm.CallPlan.Field;
import dev.clerkmcp.interceptor.confirm.CallPlan.PlannedRequest;
import dev.clerkmcp.interceptor.confirm.CallPlan.Summary;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the question about a plan for a person who knows nothing of Clerk's API. Values that carry
 * a risk come first and are never shortened; neither are up to 100 people. Of other long values it
 * has the beginning and the SHA-256, and a file has the whole text.
 */
final class Question {
  private static final int MAX_PEOPLE = 100;

  /** How many entries are shown of what is too long. */
  private static final int SHOWN = 20;

  /** The most characters of a value without risk. */
  private static final int MAX_VALUE = 500;

  private static final int SHOWN_CHARACTERS = 200;

  /** The most characters of all values without risk of one request. */
  private static final int MAX_OTHERS = 4_000;

  private static final int LENGTH_OF_NAME = 16;

  private final CallPlan plan;

  Question(CallPlan plan) {
    this.plan = plan;
  }

  /** Writes the question, and the file with the whole text if it has to shorten something. */
  Shown shown(SecretStore files) {
    Lines lines = new Lines(false);
    String text = lines.write("");
    if (!lines.shortened) {
      return new Shown(text, null, "");
    }
    String whole = new Lines(true).write("") + "\n";
    String digest = Fingerprint.digest(whole);
    Path file = null;
    String note;
    try {
      file = files.keepText("question-" + digest.substring(0, LENGTH_OF_NAME), whole);
      note = "In full: %s (only you can read it), SHA-256 %s".formatted(file, digest);
    } catch (IOException e) { // the person decides whether the short text is enough
      note =
          "It is too long to show in full, and the folder for the whole text, %s, %s; set %s."
              .formatted(files.path(), e.getMessage(), Setting.SECRETS_DIR);
    }
    return new Shown(new Lines(false).write(note), file, digest);
  }

  /**
   * The text of a question. Closing it deletes the file, when the person has answered.
   *
   * @param file has the whole text; null if the text is whole, or the file cannot be written
   * @param digest the SHA-256 of the whole text; empty if the text is whole
   */
  record Shown(String text, @Nullable Path file, String digest) implements AutoCloseable {
    /** Names the file in a plan for a model, which cannot show the whole text. */
    void addFile(ObjectNode plan) {
      if (file != null) {
        plan.putObject("in_full").put("file", file.toString()).put("sha256", digest);
      }
    }

    @Override
    public void close() {
      try {
        if (file != null) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Writes the question once. */
  private final class Lines {
    private final boolean whole;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> people = new LinkedHashSet<>();
    private final List<PlannedRequest> separate = new ArrayList<>();
    private boolean shortened;

    /**
     * Prepares to write.
     *
     * @param whole whether nothing is shortened
     */
    Lines(boolean whole) {
      this.whole = whole;
    }

    /** The question. The note says where the whole text is; empty for none. */
    String write(String note) {
      text.append(plan.context().tool().title()).append(" on ").append(plan.instance()).append('?');
      plan.forEach(this::addHead, this::addRest);
      addPeople();
      separate.forEach(this::addOthers);
      plan.warnings().forEach(this::add);
      if (!note.isEmpty()) {
        add(note);
      }
      add(
          "Asked for by %s through %s."
              .formatted(
                  plan.context().invocation().caller().name(), plan.context().tool().name()));
      return TextSanitizer.of(text.toString());
    }

    private void add(String line) {
      text.append('\n').append(line);
    }

    private void addItem(String line) {
      add("- " + line);
    }

    /** Adds the target of a request, the values that carry a risk, and the losses. */
    private void addHead(PlannedRequest request) {
      separate.add(request);
      add(request.description());
      addUnnamed(request);
      if (request.upload() != null) {
        addItem("file: " + request.upload());
      }
      for (Field field : plan.fields(request)) {
        if (field.risky()) {
          addItem(line(field));
        }
      }
      request.losses().forEach(this::addItem);
    }

    /** Collects people whom the description of a target counts instead of naming them. */
    private void addUnnamed(PlannedRequest request) {
      List<String> concerned = request.people();
      if (concerned.size() > QuotedText.MAX_LISTED) {
        people.addAll(concerned);
      }
    }

    private void addRest(Summary rest) {
      if (whole) {
        rest.requests().forEach(this::addHead);
        return;
      }
      add(rest.text());
      risks(rest.requests()).forEach(this::addItem);
      List<String> targets = rest.targets();
      shortened |= targets.size() < rest.requests().size();
      targets.forEach(this::addItem);
      rest.losses().forEach(this::addItem);
      rest.requests().forEach(request -> people.addAll(request.people()));
    }

    /** The lines about the values that carry a risk in many requests, each with its targets. */
    private List<String> risks(List<PlannedRequest> requests) {
      Grouped lines = new Grouped(requests.size());
      for (PlannedRequest request : requests) {
        for (Field field : plan.fields(request)) {
          if (field.risky()) {
            lines.add(line(field), request.description());
          }
        }
      }
      return lines.all();
    }

    private void addPeople() {
      if (people.isEmpty()) {
        return;
      }
      add("%s users or addresses are concerned:".formatted(people.size()));
      boolean all = whole || people.size() <= MAX_PEOPLE;
      people.stream().limit(all ? people.size() : SHOWN).forEach(this::addItem);
      if (!all) {
        shortened = true;
        String digest = Fingerprint.digest(String.join("\n", people));
        addItem("and %s more; SHA-256 of all %s".formatted(people.size() - SHOWN, digest));
      }
    }

    /** Adds the values of a request that carry no risk. */
    private void addOthers(PlannedRequest request) {
      List<String> lines = new ArrayList<>();
      for (Field field : plan.fields(request)) {
        if (!field.risky()) {
          lines.add(line(field));
        }
      }
      if (lines.isEmpty()) {
        return;
      }
      if (separate.size() > 1) {
        add(request.description());
      }
      String all = String.join("\n", lines);
      if (whole || all.length() <= MAX_OTHERS || lines.size() <= SHOWN) {
        lines.forEach(this::addItem);
        return;
      }
      shortened = true;
      lines.stream().limit(SHOWN).forEach(this::addItem);
      addItem(
          "and %s more fields; SHA-256 of all %s"
              .formatted(lines.size() - SHOWN, Fingerprint.digest(all)));
    }

    /** A changed value; for a new object, an argument. */
    private String line(Field field) {
      String path = QuotedText.plain(field.path());
      String name = path.equals(field.path()) ? path : QuotedText.whole(field.path());
      return name + ": " + change(field) + owners(field);
    }

    private static String owners(Field field) {
      if (field.times() == 1) {
        return "";
      }
      List<String> owners = field.owners().stream().map(QuotedText::plain).toList();
      return field.risky() && !owners.isEmpty()
          ? " (%s times: %s)".formatted(field.times(), String.join(", ", owners))
          : " (%s times)".formatted(field.times());
    }

    private String change(Field field) {
      JsonNode before = field.before() instanceof NullNode ? null : field.before();
      if (field.secret()) {
        String words = field.path().replaceFirst(".*\\.", "").replace('_', ' ');
        return (words.endsWith("s") ? "new " : "a new ") + words;
      }
      if (before instanceof ArrayNode old && field.after() instanceof ArrayNode given) {
        return difference(old, given, field.risky());
      }
      if (field.after().isNull()) {
        return before == null ? "removed" : "removed " + value(before, field.risky());
      }
      String after = value(field.after(), field.risky());
      return before == null
          ? after
          : "from %s to %s".formatted(value(before, field.risky()), after);
    }

    private String difference(ArrayNode before, ArrayNode after, boolean risky) {
      ArrayNode added = without(after, before);
      ArrayNode removed = without(before, after);
      int kept = after.size() - added.size();
      List<String> parts = new ArrayList<>();
      if (!added.isEmpty()) {
        parts.add("added " + value(added, risky));
      }
      if (!removed.isEmpty()) {
        parts.add("removed " + value(removed, risky));
      }
      if (parts.isEmpty()) {
        parts.add("in another order");
      }
      return String.join("; ", parts) + (kept == 0 ? "" : "; %s kept".formatted(kept));
    }

    private static ArrayNode without(ArrayNode list, ArrayNode others) {
      Set<JsonNode> excluded = new LinkedHashSet<>();
      others.forEach(excluded::add);
      ArrayNode rest = list.arrayNode();
      list.valueStream().filter(item -> !excluded.contains(item)).forEach(rest::add);
      return rest;
    }

    private String value(JsonNode value, boolean risky) {
      boolean all = whole || risky;
      if (value instanceof ArrayNode list) {
        return list(list, all);
      }
      String text = value.isTextual() ? value.textValue() : value.toString();
      if (!value.isTextual() && !value.isContainerNode()) {
        return text;
      }
      int length = text.codePointCount(0, text.length());
      if (all || length <= MAX_VALUE) {
        return QuotedText.whole(text);
      }
      shortened = true;
      return "%s (%s characters, SHA-256 %s)"
          .formatted(
              QuotedText.whole(QuotedText.shortened(text, SHOWN_CHARACTERS)),
              length,
              Fingerprint.digest(text));
    }

    private String list(ArrayNode list, boolean all) {
      if (list.isEmpty()) {
        return "nothing";
      }
      List<String> items = new ArrayList<>();
      list.forEach(item -> items.add(value(item, all)));
      if (all || items.size() <= SHOWN) {
        return String.join(", ", items);
      }
      shortened = true;
      return "%s and %s more (%s entries, SHA-256 %s)"
          .formatted(
              String.join(", ", items.subList(0, SHOWN)),
              items.size() - SHOWN,
              items.size(),
              Fingerprint.digest(list.toString()));
    }
  }

  /** Lines that several requests have alike, each with the targets of those requests. */
  private static final class Grouped {
    private final Map<String, List<String>> targets = new LinkedHashMap<>();
    private final int requests;

    Grouped(int requests) {
      this.requests = requests;
    }

    void add(String line, String target) {
      targets.computeIfAbsent(line, first -> new ArrayList<>()).add(target);
    }

    List<String> all() {
      List<String> lines = new ArrayList<>();
      targets.forEach(
          (line, of) ->
              lines.add(
                  of.size() == requests
                      ? line + " (each)"
                      : "%s (%s)".formatted(line, String.join("; ", of))));
      return lines;
    }
  }
}
