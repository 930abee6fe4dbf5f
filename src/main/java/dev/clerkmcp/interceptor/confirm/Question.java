package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.interceptor.confirm.CallPlan.Field;
import dev.clerkmcp.interceptor.confirm.CallPlan.PlannedRequest;
import dev.clerkmcp.interceptor.confirm.CallPlan.Summary;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.NonAsciiAddress;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the question about a plan for a person who knows nothing of Clerk's API. Values that carry
 * a risk come first and are never shortened; neither are lists of up to 100 people. Of longer lists
 * and of other long values it has the beginning and the SHA-256, and a file has the whole text.
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

  private static final Set<String> AMOUNTS = Set.of("amount", "annual_monthly_amount");

  private static final String BY_DEFAULT = ", by Clerk's default";

  /** Arguments with an address that is in the line about the target already. */
  private static final Set<String> ADDRESSES = Set.of("email_address", "identifier");

  private final CallPlan plan;

  Question(CallPlan plan) {
    this.plan = plan;
  }

  /**
   * Writes the question, and the file with the whole text if it has to shorten something.
   *
   * @param life how long the question can be answered
   */
  Shown shown(QuestionFiles files, Duration life) {
    Lines lines = new Lines(false);
    String text = lines.write("");
    return lines.shortened ? inFile(files, life) : new Shown(text, null, "");
  }

  /** Writes the question and the file with the whole text. */
  Shown inFile(QuestionFiles files, Duration life) {
    String whole = new Lines(true).write("") + "\n";
    String digest = Fingerprint.digest(whole);
    Path file = null;
    String note;
    try {
      file = files.keep(plan.digest(), whole, life);
      note = "In full: %s (only you can read it), SHA-256 %s".formatted(file, digest);
    } catch (IOException e) { // the person decides whether the short text is enough
      note =
          "It is too long to show in full, and the folder for the whole text, %s, %s; set %s."
              .formatted(files.folder(), e.getMessage(), Setting.SECRETS_DIR);
    }
    return new Shown(new Lines(false).write(note), file, digest);
  }

  /** How many characters it has, without the line about a file with the whole text. */
  int length() {
    return new Lines(false).write("").length();
  }

  /**
   * The text of a question.
   *
   * @param file has the whole text; null if the text is whole, or the file cannot be written
   * @param digest the SHA-256 of the whole text; empty if the text is whole
   */
  record Shown(String text, @Nullable Path file, String digest) {
    /**
     * Names the file in a plan for a model, which cannot show the whole text.
     *
     * @param hides whether the file has what the model may not see, of which a digest would confirm
     *     a guess
     */
    void addFile(ObjectNode plan, boolean hides) {
      if (file != null) {
        ObjectNode named = plan.putObject("in_full").put("file", file.toString());
        if (!hides) {
          named.put("sha256", digest);
        }
      }
    }
  }

  /** Writes the question once. */
  private final class Lines {
    private final boolean whole;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> people = new LinkedHashSet<>();
    private final List<PlannedRequest> requests = new ArrayList<>();
    private final boolean severalActs = plan.acts() > 1;
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
      text.append(plan.title()).append(" on ").append(plan.instance()).append('?');
      plan.forEach(this::addHead, this::addRest);
      addPeople();
      addOthers();
      plan.warnings().forEach(this::add);
      addForeseen(List.copyOf(plan.foreseen()));
      if (!note.isEmpty()) {
        add(note);
      }
      add("Why asked: %s.".formatted(plan.whyAsked()));
      add(
          "Asked for by %s through %s."
              .formatted(
                  QuotedText.name(plan.context().invocation().caller().name()),
                  plan.context().tool().name()));
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
      requests.add(request);
      add(heading(request));
      addUnnamed(request);
      if (request.upload() != null) {
        addItem("file: " + request.upload());
      }
      riskyLines(request).forEach(this::addItem);
      request.losses().forEach(this::addItem);
    }

    /** The lines about values that carry a risk; long ones last, so that they push none away. */
    private List<String> riskyLines(PlannedRequest request) {
      List<String> lines = new ArrayList<>();
      for (Field field : plan.fields(request)) {
        if (field.risky()) {
          lines.add(line(field));
        }
      }
      request.defaults().forEach(value -> lines.add(value + BY_DEFAULT));
      lines.sort(Comparator.comparing(line -> line.length() > MAX_VALUE));
      return lines;
    }

    /** The target of a request, and what is done to it if the call does different things. */
    private String heading(PlannedRequest request) {
      String title = severalActs ? request.request().title() : null;
      return title == null ? request.description() : title + ": " + request.description();
    }

    /** Collects the people that the description of a target only counts. */
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
      requests.addAll(rest.requests());
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
      Map<String, List<String>> targets = new LinkedHashMap<>();
      Map<String, List<String>> owners = new LinkedHashMap<>();
      for (PlannedRequest request : requests) {
        for (Field field : plan.fields(request)) {
          if (!field.risky()) {
            continue;
          }
          if (field.owners().isEmpty()) {
            targets
                .computeIfAbsent(line(field), first -> new ArrayList<>())
                .add(request.description());
          } else {
            owners.computeIfAbsent(value(field), first -> new ArrayList<>()).addAll(field.owners());
          }
        }
        for (String left : request.defaults()) {
          targets
              .computeIfAbsent(left + BY_DEFAULT, first -> new ArrayList<>())
              .add(request.description());
        }
      }
      List<String> lines = new ArrayList<>();
      targets.forEach(
          (line, of) ->
              lines.add(
                  of.size() == requests.size()
                      ? line + " (each)"
                      : "%s (%s)".formatted(line, String.join("; ", firstOf(of)))));
      owners.forEach((value, of) -> lines.add(value + of(of)));
      return lines;
    }

    private void addPeople() {
      if (people.isEmpty()) {
        return;
      }
      add("%s users or addresses are concerned:".formatted(people.size()));
      firstOf(people).forEach(this::addItem);
    }

    /** All people or objects of a list; of more than 100 the first, and the digest of all. */
    private List<String> firstOf(Collection<String> all) {
      if (whole || all.size() <= MAX_PEOPLE) {
        return List.copyOf(all);
      }
      shortened = true;
      List<String> first = new ArrayList<>(all.stream().limit(SHOWN).toList());
      String digest = Fingerprint.digest(String.join("\n", all));
      first.add("and %s more; SHA-256 of all %s".formatted(all.size() - SHOWN, digest));
      return first;
    }

    /** Adds the values that carry no risk, after all that do; for requests of one kind together. */
    private void addOthers() {
      Map<String, List<PlannedRequest>> alike = new LinkedHashMap<>();
      requests.forEach(
          request -> alike.computeIfAbsent(request.route(), r -> new ArrayList<>()).add(request));
      for (List<PlannedRequest> kind : alike.values()) {
        List<String> lines = otherLines(kind);
        if (!lines.isEmpty() && requests.size() > 1) {
          add(kind.size() == 1 ? heading(kind.get(0)) : title(kind));
        }
        addShortened(lines);
      }
    }

    private static String title(List<PlannedRequest> kind) {
      ClerkRequest first = kind.get(0).request();
      String title = first.title() == null ? first.context().tool().title() : first.title();
      return "%s, %s times".formatted(title, kind.size());
    }

    /**
     * The values that carry no risk and are not in the line about the target. A value that several
     * requests have stands there once; one that not all of them have names its targets.
     */
    private List<String> otherLines(List<PlannedRequest> kind) {
      Map<List<@Nullable Object>, Field> others = new LinkedHashMap<>();
      Map<List<@Nullable Object>, List<String>> targets = new HashMap<>();
      for (PlannedRequest request : kind) {
        for (Field field : plan.fields(request)) {
          if (!field.risky() && !namesPerson(request, field)) {
            others.merge(field.key(), field, Field::andOfAnother);
            targets
                .computeIfAbsent(field.key(), key -> new ArrayList<>())
                .add(request.description());
          }
        }
      }
      List<String> lines = new ArrayList<>();
      others.forEach(
          (key, field) -> {
            List<String> of = targets.getOrDefault(key, List.of());
            boolean named = of.size() < kind.size();
            lines.add(line(field) + (named ? " (%s)".formatted(targets(of)) : ""));
          });
      return lines;
    }

    /** Whether a value is an address that the line about the target has. */
    private static boolean namesPerson(PlannedRequest request, Field field) {
      return ADDRESSES.contains(field.path())
          && request.addresses().contains(field.after().asText());
    }

    /** The first targets of a value, and the digest of all if there are more. */
    private String targets(List<String> all) {
      if (whole || all.size() <= SHOWN) {
        return String.join("; ", all);
      }
      shortened = true;
      return "%s; and %s more; SHA-256 of all %s"
          .formatted(
              String.join("; ", all.subList(0, SHOWN)),
              all.size() - SHOWN,
              Fingerprint.digest(String.join("\n", all)));
    }

    private void addForeseen(List<String> sentences) {
      int shown = whole ? sentences.size() : Math.min(QuotedText.MAX_LISTED, sentences.size());
      sentences.subList(0, shown).forEach(this::add);
      if (shown < sentences.size()) {
        shortened = true;
        add("And %s more warnings of this kind.".formatted(sentences.size() - shown));
      }
    }

    private void addShortened(List<String> lines) {
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

    /** A changed value, and which objects get it if they are several. */
    private String line(Field field) {
      if (field.needsOwners()) {
        return value(field) + of(field.owners());
      }
      return value(field) + (field.times() == 1 ? "" : " (%s times)".formatted(field.times()));
    }

    /** The objects that get a value, in parentheses. */
    private String of(List<String> owners) {
      String shown = String.join(", ", firstOf(owners.stream().map(QuotedText::plain).toList()));
      return owners.size() == 1
          ? " (%s)".formatted(shown)
          : " (%s times: %s)".formatted(owners.size(), shown);
    }

    /** A changed value; for a new object, an argument. */
    private String value(Field field) {
      String path = QuotedText.plain(field.path());
      String name = path.equals(field.path()) ? path : QuotedText.whole(field.path());
      return name + ": " + change(field);
    }

    private String change(Field field) {
      JsonNode before = field.before() instanceof NullNode ? null : field.before();
      if (field.secret()) {
        String words = field.path().replaceFirst(".*\\.", "").replace('_', ' ');
        if (plan.context().tool().effect() == Effect.REVEAL) {
          return "the " + words + " that is tested";
        }
        return (words.endsWith("s") ? "new " : "a new ") + words;
      }
      if (field.after().equals(field.before())) {
        return "stays " + value(field.after(), field.risky());
      }
      if (before instanceof ArrayNode old && field.after() instanceof ArrayNode given) {
        return difference(old, given, field.risky());
      }
      if (field.after().isNull()) {
        return before == null ? "removed" : "removed " + value(before, field.risky());
      }
      String after = value(field.after(), field.risky()) + unit(field);
      return before == null
          ? after
          : "from %s to %s".formatted(value(before, field.risky()), after);
    }

    /** Clerk takes amounts of money in cents. */
    private static String unit(Field field) {
      return AMOUNTS.contains(field.path()) && field.after().isNumber() ? " cents" : "";
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
        return QuotedText.whole(text) + NonAsciiAddress.note(text);
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
}
