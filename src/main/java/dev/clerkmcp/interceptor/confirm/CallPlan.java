package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.interceptor.audit.UploadDigest;
import dev.clerkmcp.interceptor.impact.ReferencedNames;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.redact.SecretRedactor;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.FieldChanges;
import dev.clerkmcp.interceptor.undo.UndoInterceptor;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a tool call: the requests that it would send, and what they affect, change and lose.
 */
final class CallPlan {
  private static final String PRIVATE = "private_metadata";

  private static final String AS_RECORDED = "as recorded";

  /** The most characters of one body in a plan for a model; about 20,000 tokens. */
  private static final int MAX_BODY = 80_000;

  private final ToolCallContext context;
  private final List<PlannedRequest> requests;
  private final RiskAssessor risks;
  private final ReferencedNames names;
  private final Supplier<Set<String>> foresight;
  private final Set<String> reasons;
  private final @Nullable String rule;

  private CallPlan(
      ToolCallContext context,
      List<PlannedRequest> requests,
      RiskAssessor risks,
      ReferencedNames names,
      Supplier<Set<String>> foresight,
      Set<String> reasons,
      @Nullable String rule) {
    this.context = context;
    this.requests = requests;
    this.risks = risks;
    this.names = names;
    this.foresight = foresight;
    this.reasons = reasons;
    this.rule = rule;
  }

  /**
   * A request of the plan.
   *
   * @param target null if it could not be read
   * @param losses what else is lost with it, in sentences
   * @param upload the file that it sends; null for none
   * @param problem why the target could not be read; null if it could
   * @param digest a hash of all that it affects, also of what may not be shown; empty if it could
   *     not be read
   */
  record PlannedRequest(
      ClerkRequest request,
      @Nullable RequestTarget target,
      List<String> losses,
      @Nullable UploadDigest upload,
      @Nullable String problem,
      String digest) {
    PlannedRequest {
      losses = List.copyOf(losses);
    }

    /** What it affects, in one line. */
    String description() {
      return target == null ? route() : target.description();
    }

    /** The users and addresses that it affects. */
    List<String> people() {
      return target == null ? List.of() : target.people();
    }

    /** The email addresses that it affects and that may not belong to a user. */
    List<String> addresses() {
      return target == null ? List.of() : target.addresses();
    }

    /** The route that requests of one kind share: {@code DELETE /users/{user_id}}. */
    String route() {
      return request.endpoint().route();
    }

    /** The values that it leaves to Clerk and that a person must know of. */
    List<String> defaults() {
      return request.facts().defaults(request.arguments());
    }

    boolean isIrreversible() {
      return request.effect().irreversible();
    }

    boolean isMissing() {
      return target != null && target.missing();
    }
  }

  /**
   * Looks up what the requests affect.
   *
   * @throws ClerkException if it cannot be read
   */
  static CallPlan of(
      ToolCallContext context,
      List<ClerkRequest> requests,
      VisibleTargets targets,
      RiskAssessor risks) {
    List<PlannedRequest> planned = new ArrayList<>();
    requests.forEach(request -> planned.add(lookUp(request, earlier(planned), targets)));
    return new CallPlan(
        context, planned, risks, new ReferencedNames(targets), Set::of, Set.of(), null);
  }

  /** Looks up what the requests affect; a target that cannot be read becomes a warning. */
  static CallPlan asFarAsKnown(
      ToolCallContext context,
      List<ClerkRequest> requests,
      VisibleTargets targets,
      RiskAssessor risks) {
    List<PlannedRequest> planned = new ArrayList<>();
    for (ClerkRequest request : requests) {
      try {
        planned.add(lookUp(request, earlier(planned), targets));
      } catch (ClerkException e) {
        planned.add(
            new PlannedRequest(
                request, null, List.of(), UploadDigest.ofPlanned(request), e.getMessage(), ""));
      }
    }
    return new CallPlan(
        context, planned, risks, new ReferencedNames(targets), Set::of, Set.of(), null);
  }

  /**
   * The same plan, with warnings about renamed objects and about what Clerk will refuse. They are
   * looked up once, when the plan is first shown.
   */
  CallPlan withForesight(Supplier<Set<String>> sentences) {
    return new CallPlan(context, requests, risks, names, new Lazy<>(sentences), reasons, rule);
  }

  private static List<ClerkRequest> earlier(List<PlannedRequest> planned) {
    return planned.stream().map(PlannedRequest::request).toList();
  }

  private static PlannedRequest lookUp(
      ClerkRequest request, List<ClerkRequest> earlier, VisibleTargets targets) {
    VisibleTargets.Affected affected = targets.affected(request, earlier);
    return new PlannedRequest(
        request,
        affected.target(),
        affected.losses(),
        UploadDigest.ofPlanned(request),
        null,
        affected.digest());
  }

  /**
   * The same plan, with why a person is asked about it.
   *
   * @param because each in words that follow "because"
   * @param demanding the rule of the policy that demands its confirmation, such as {@code rule 2
   *     (admins)}; null if none does
   */
  CallPlan demandedBy(Set<String> because, @Nullable String demanding) {
    return new CallPlan(context, requests, risks, names, foresight, because, demanding);
  }

  /** The rule of the policy that demands its confirmation; null if none does. */
  @Nullable String rule() {
    return rule;
  }

  /** The plan for a model. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("action", title());
    json.put("instance", instance());
    ArrayNode rows = json.putArray("requests");
    forEach(request -> rows.add(toJson(request)), rest -> rows.add(toJson(rest)));
    SortedSet<Risk> all = risks.of(requests.stream().map(PlannedRequest::request).toList());
    all.forEach(risk -> json.withArray("risks").add(risk.word()));
    ArrayNode warnings = json.putArray("warnings");
    warnings().forEach(warnings::add);
    foreseen().forEach(warnings::add);
    if (!reasons.isEmpty()) {
      json.put("why_asked", whyAsked());
    }
    return json;
  }

  /** Why a person is asked, in one line. */
  String whyAsked() {
    return String.join("; ", reasons);
  }

  /** What the call does, in a few words. */
  String title() {
    if (!context.makesSeveral()) {
      return context.tool().title();
    }
    int calls = context.arguments().path(ToolCallContext.CALLS).size();
    if (calls == 1 && !requests.isEmpty()) {
      return requests.get(0).request().context().tool().title();
    }
    String only = acts() == 1 ? requests.get(0).request().title() : null;
    return only == null
        ? "Make %s calls".formatted(calls)
        : only + (requests.size() == 1 ? "" : ", %s times".formatted(requests.size()));
  }

  /** The tools that make its requests; if it has no requests, the tool of the call. */
  Set<String> tools() {
    Set<String> tools = new LinkedHashSet<>();
    requests.forEach(planned -> tools.add(planned.request().context().tool().name()));
    return tools.isEmpty() ? Set.of(context.tool().name()) : tools;
  }

  /** The question for a person. */
  Question question() {
    return new Question(this);
  }

  /** The call that is planned. */
  ToolCallContext context() {
    return context;
  }

  /** Whether it loses something for good on a live instance. */
  boolean isIrreversibleOnLive() {
    return context.instance().live() && requests.stream().anyMatch(PlannedRequest::isIrreversible);
  }

  /** The files that it sends. */
  Set<UploadDigest> uploads() {
    Set<UploadDigest> uploads = new HashSet<>();
    for (PlannedRequest request : requests) {
      if (request.upload() != null) {
        uploads.add(request.upload());
      }
    }
    return uploads;
  }

  /**
   * A value that a request sets.
   *
   * @param path the names that lead to it: {@code public_metadata.plan}
   * @param before null if it is unknown or absent; equal to {@code after} if the value stays
   * @param after JSON null if it is removed
   * @param times how many objects of the request get it
   * @param owners the addresses or IDs of those objects, if the request has a list of objects
   * @param entries how many objects that list has; 1 if there is none
   * @param risky whether it carries a risk
   * @param secret whether it is a credential, of which no part may be shown
   */
  record Field(
      String path,
      @Nullable JsonNode before,
      JsonNode after,
      int times,
      List<String> owners,
      int entries,
      boolean risky,
      boolean secret) {
    Field {
      owners = List.copyOf(owners);
    }

    /** Equal if a person needs to read the two fields only once. */
    List<@Nullable Object> key() {
      return Arrays.asList(path, before, after);
    }

    /** The same value of another object in the same list too. */
    Field and(Field same) {
      return with(same, entries);
    }

    /** The same value of another request too. */
    Field andOfAnother(Field same) {
      return with(same, entries + same.entries);
    }

    private Field with(Field same, int among) {
      List<String> all = new ArrayList<>(owners);
      all.addAll(same.owners);
      return new Field(path, before, after, times + same.times, all, among, risky, secret);
    }

    /**
     * Whether the question names the objects of a list that get the value: it carries a risk, or
     * not all of them get it.
     */
    boolean needsOwners() {
      return entries > 1 && !owners.isEmpty() && (risky || owners.size() < entries);
    }

    boolean isPrivate() {
      return path.startsWith(PRIVATE) || path.contains("." + PRIVATE);
    }
  }

  /** How many different operations it has. */
  long acts() {
    return requests.stream().map(PlannedRequest::route).distinct().count();
  }

  /**
   * The values that a request sets, each once, the most dangerous first. Values that stay as they
   * are are left out, unless they carry a risk.
   */
  Collection<Field> fields(PlannedRequest planned) {
    return new FieldCollector(planned.request(), risks, names).collect(planned.target());
  }

  /**
   * A hash that differs if anything in the plan differs, or in the state of the affected objects,
   * shown or not.
   */
  String digest() {
    StringBuilder all = new StringBuilder(context.tool().name()).append('\n');
    all.append(context.instance().name()).append('\n').append(context.arguments());
    for (PlannedRequest planned : requests) {
      ClerkRequest request = planned.request();
      RequestPreview preview = RequestPreview.of(request.endpoint(), request.arguments());
      all.append('\n').append(preview).append('\n').append(planned.upload());
      all.append('\n').append(planned.digest());
    }
    return Fingerprint.digest(all.toString());
  }

  private ObjectNode toJson(PlannedRequest planned) {
    ClerkRequest request = planned.request();
    RequestPreview preview = RequestPreview.of(request.endpoint(), shownArguments(request));
    ObjectNode json = Json.object().put("method", preview.method()).put("path", preview.path());
    if (!preview.query().isEmpty()) {
      json.set("query", preview.query());
    }
    if (!preview.body().isMissingNode()) {
      JsonNode body =
          withPrivate() ? preview.body() : withoutPrivate(preview.body(), request.context());
      if (body.toString().length() <= MAX_BODY) {
        json.set("body", body);
      } else {
        json.set("body_digest", measured(body));
      }
    }
    if (planned.upload() != null) {
      json.set("file", planned.upload().toJson());
    }
    RequestTarget target = planned.target();
    if (target != null) {
      json.put("target", target.description());
      if (planned.people().size() > QuotedText.MAX_LISTED) {
        planned.people().forEach(json.putArray("people")::add);
      }
      ArrayNode changes = changes(planned);
      if (!changes.isEmpty()) {
        json.set("changes", changes);
      }
    }
    addTexts(json, "defaults", planned.defaults());
    Set<String> named = named(request, request.shownArguments());
    named.removeIf(name -> target != null && isIn(target.description(), name));
    addTexts(json, "named", List.copyOf(named));
    addTexts(json, "also_lost", planned.losses());
    return json;
  }

  /** Whether a description has both parts of a name: {@code org:admin (role_1)}. */
  private static boolean isIn(String description, String name) {
    int id = name.lastIndexOf(" (");
    return id > 0
        && description.contains(name.substring(0, id))
        && description.contains(name.substring(id + 1));
  }

  /** What the IDs in arguments stand for, as far as it can be read: {@code org:admin (role_1)}. */
  private Set<String> named(ClerkRequest request, JsonNode value) {
    Set<String> found = new LinkedHashSet<>();
    String name = value.isTextual() ? names.find(request, value.textValue()) : null;
    if (name != null) {
      found.add(name);
    }
    value.valueStream().forEach(inner -> found.addAll(named(request, inner)));
    return found;
  }

  private ObjectNode toJson(Summary rest) {
    ObjectNode json = Json.object().put("more", rest.text()).put("route", rest.route());
    ArrayNode values = riskyValues(rest.requests());
    if (!values.isEmpty()) {
      json.set("values", values);
    }
    addTexts(json, "targets", rest.targets());
    addTexts(json, "also_lost", rest.losses());
    return json;
  }

  /** The values of many requests that carry a risk, each once, with what gets it. */
  private ArrayNode riskyValues(List<PlannedRequest> requests) {
    Map<List<@Nullable Object>, Field> fields = new LinkedHashMap<>();
    Map<List<@Nullable Object>, Set<String>> targets = new HashMap<>();
    for (PlannedRequest planned : requests) {
      for (Field field : fields(planned)) {
        if (field.risky() && (withPrivate() || !field.isPrivate())) {
          List<@Nullable Object> value = Arrays.asList(field.path(), field.before(), field.after());
          fields.merge(value, field, Field::andOfAnother);
          targets.computeIfAbsent(value, first -> new LinkedHashSet<>()).add(planned.description());
        }
      }
    }
    ArrayNode rows = Json.array();
    fields.forEach(
        (value, field) -> {
          ObjectNode row = rows.addObject().put("field", field.path());
          if (field.before() != null) {
            row.set("before", field.before());
          }
          row.set("after", field.after());
          row.put("times", field.times());
          addTexts(row, "of", Summary.shortened(field.owners()));
          addTexts(
              row,
              "targets",
              Summary.shortened(List.copyOf(targets.getOrDefault(value, Set.of()))));
        });
    return rows;
  }

  private static void addTexts(ObjectNode json, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.forEach(json.putArray(name)::add);
    }
  }

  private static @Nullable JsonNode state(PlannedRequest planned) {
    return planned.target() == null ? null : planned.target().state();
  }

  /** The changes for a model: those that carry a risk come first and are whole. */
  private ArrayNode changes(PlannedRequest planned) {
    ClerkRequest request = planned.request();
    ObjectNode arguments = shownArguments(request);
    List<JsonNode> first = new ArrayList<>();
    ArrayNode others = Json.array();
    boolean hidden = arguments.has(PRIVATE) && !withPrivate();
    for (JsonNode row : FieldChanges.whole(request.facts(), arguments, state(planned))) {
      String field = row.path("field").asText();
      if (field.startsWith(PRIVATE) && hidden) {
        continue;
      }
      if (risks.carriesRisk(request, field, row.path("after"))) {
        first.add(row);
      } else {
        others.add(shortened((ObjectNode) row));
      }
    }
    if (hidden) { // whether it differs is not told, since its values could be guessed
      ObjectNode row = others.addObject().put("field", PRIVATE);
      if (UndoInterceptor.hasRecordedValues(request.context())) {
        row.put("after", AS_RECORDED); // its digest would confirm a guess at what it was
      } else {
        row.setAll(measured(arguments.path(PRIVATE)));
      }
    }
    first.sort(
        Comparator.comparingInt(
            row -> request.facts().placeAmongRisks(row.path("field").asText())));
    return Json.array().addAll(first).addAll(others);
  }

  private static ObjectNode shortened(ObjectNode row) {
    ObjectNode shown = FieldChanges.truncated(row);
    return shown.has("cut") ? shown.setAll(measured(row.path("after"))) : shown;
  }

  /** What can be told of a value without showing it. */
  private static ObjectNode measured(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    return Json.object().put("length", text.length()).put("sha256", Fingerprint.digest(text));
  }

  /**
   * A composed tool may send back what it read, so credentials are masked that no argument declares
   * as secret.
   */
  static ObjectNode shownArguments(ClerkRequest request) {
    return (ObjectNode) SecretRedactor.ofAll(List.of()).mask(request.shownArguments());
  }

  /** Whether the plan for a model hides private metadata that it would write. */
  boolean hidesPrivate() {
    return !withPrivate()
        && requests.stream().anyMatch(planned -> has(planned.request().arguments(), PRIVATE));
  }

  private static boolean has(JsonNode value, String name) {
    return value.has(name) || value.valueStream().anyMatch(inner -> has(inner, name));
  }

  /** Whether the model may see private metadata. */
  private boolean withPrivate() {
    return context.options().includePrivate();
  }

  private static String measure(JsonNode value) {
    ObjectNode measured = measured(value);
    return "%s characters, SHA-256 %s"
        .formatted(measured.path("length").asInt(), measured.path("sha256").asText());
  }

  /** The value with the length and digest of all private metadata in place of its content. */
  private static JsonNode withoutPrivate(JsonNode value, ToolCallContext context) {
    if (value.isArray()) {
      ArrayNode list = Json.array();
      value.forEach(item -> list.add(withoutPrivate(item, context)));
      return list;
    }
    if (!value.isObject()) {
      return value;
    }
    ObjectNode object = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      boolean hides = field.getKey().equals(PRIVATE) && !field.getValue().isEmpty();
      object.set(
          field.getKey(),
          hides
              ? TextNode.valueOf(
                  UndoInterceptor.hasRecordedValues(context)
                      ? AS_RECORDED
                      : measure(field.getValue()))
              : withoutPrivate(field.getValue(), context));
    }
    return object;
  }

  /** Sentences about the whole plan. */
  Set<String> warnings() {
    Set<String> warnings = new LinkedHashSet<>(context.warnings());
    Set<String> missing = new LinkedHashSet<>();
    Set<String> problems = new LinkedHashSet<>();
    for (PlannedRequest request : requests) {
      if (request.target() != null && request.isMissing()) {
        missing.add(request.target().description());
      }
      if (request.problem() != null) {
        problems.add(request.problem());
      }
    }
    if (!missing.isEmpty()) {
      warnings.add(
          "Clerk does not know the object, so it will refuse: "
              + QuotedText.first(List.copyOf(missing)));
    }
    if (!problems.isEmpty()) {
      warnings.add(
          "The affected data could not be read: " + QuotedText.first(List.copyOf(problems)));
    }
    if (has(request -> request.facts().maySendMessage(request.arguments()))) {
      warnings.add("May send emails or text messages.");
    }
    if (has(request -> request.facts().contactsService())) {
      warnings.add("May contact another service.");
    }
    if (requests.isEmpty()) {
      warnings.add("It would change nothing.");
    }
    return warnings;
  }

  /** The objects that it changes, and the users and organizations that it affects. */
  Set<JsonNode> objects() {
    Set<JsonNode> objects = new LinkedHashSet<>();
    for (PlannedRequest planned : requests) {
      RequestTarget target = planned.target();
      if (target != null) {
        objects.addAll(target.organizations());
        objects.addAll(target.users());
        if (target.state() != null) {
          objects.add(target.state());
        }
      }
    }
    return objects;
  }

  /** Sentences about objects that were renamed, and about what Clerk will refuse. */
  Set<String> foreseen() {
    return foresight.get();
  }

  private boolean has(Predicate<ClerkRequest> property) {
    return requests.stream().map(PlannedRequest::request).anyMatch(property);
  }

  /** The instance with a mark if it is live. */
  String instance() {
    return context.instance().name() + (context.instance().live() ? " (live)" : "");
  }

  /**
   * Visits the requests in order. Of many requests of one kind, the first are visited one by one;
   * the others are summarized in the place of the first of them.
   */
  void forEach(Consumer<PlannedRequest> each, Consumer<Summary> rest) {
    Map<String, List<PlannedRequest>> byRoute = new HashMap<>();
    requests.forEach(
        request -> byRoute.computeIfAbsent(request.route(), r -> new ArrayList<>()).add(request));
    Map<String, Integer> visited = new HashMap<>();
    for (PlannedRequest request : requests) {
      String route = request.route();
      List<PlannedRequest> alike = byRoute.getOrDefault(route, List.of());
      int number = visited.merge(route, 1, Integer::sum);
      if (alike.size() <= Summary.MAX_IN_FULL || number <= Summary.SHOWN) {
        each.accept(request);
      } else if (number == Summary.SHOWN + 1) {
        rest.accept(new Summary(route, alike.subList(Summary.SHOWN, alike.size())));
      }
    }
  }

  /**
   * Summarizes the rest of many requests of one kind. It has what can make a person refuse: the
   * number of requests, the targets of destructive ones, and what is lost.
   */
  record Summary(String route, List<PlannedRequest> requests) {
    /** The most requests of one kind that are listed one by one. */
    static final int MAX_IN_FULL = 20;

    static final int SHOWN = 5;
    private static final int MAX_TARGETS = 100;

    /** As in {@code ...and 195 more like it, with 1950 entries}. */
    String text() {
      String more = "...and %s more like it".formatted(requests.size());
      int entries = 0;
      for (PlannedRequest planned : requests) {
        ClerkRequest request = planned.request();
        JsonNode body = RequestPreview.of(request.endpoint(), request.arguments()).body();
        entries += body.isArray() ? body.size() : 0;
      }
      return entries == 0 ? more : more + ", with %s entries".formatted(entries);
    }

    /** The targets of destructive requests; the targets of other requests are not listed. */
    List<String> targets() {
      List<String> targets =
          requests.stream()
              .filter(planned -> planned.request().effect().destructive())
              .map(PlannedRequest::target)
              .filter(target -> target != null)
              .map(target -> target.description())
              .distinct()
              .toList();
      return shortened(targets);
    }

    /** Each loss once, with the number of times. */
    List<String> losses() {
      Map<String, Integer> times = new TreeMap<>();
      requests.forEach(
          request -> request.losses().forEach(loss -> times.merge(loss, 1, Integer::sum)));
      List<String> losses = new ArrayList<>();
      times.forEach(
          (loss, count) -> losses.add(count == 1 ? loss : loss + " (%s times)".formatted(count)));
      return shortened(losses);
    }

    private static List<String> shortened(List<String> texts) {
      if (texts.size() <= MAX_TARGETS) {
        return texts;
      }
      List<String> first = new ArrayList<>(texts.subList(0, MAX_TARGETS));
      first.add("and %s more".formatted(texts.size() - MAX_TARGETS));
      return first;
    }
  }
}
