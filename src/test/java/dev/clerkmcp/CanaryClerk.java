package dev.clerkmcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.FullResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fake Clerk that puts a unique text, a canary, in place of every credential. A canary that turns
 * up anywhere else shows a leak.
 */
final class CanaryClerk {
  /** Begins and ends each canary, so that half of one is found as well. */
  static final String MARK = "canaryXyz9";

  private static final Pattern CANARY = Pattern.compile(MARK + "-\\d{6}-" + MARK);
  private static final int LONGEST_MESSAGE = 500;
  private static final Map<String, List<Secret>> SECRETS = secrets();

  /** How Clerk answers. */
  enum Outcome {
    SUCCESS,
    /**
     * With an error that quotes the request, and credentials that can be recognized by their form.
     */
    REFUSAL,
    NO_ANSWER,
    TIMEOUT,
    /** With JSON that is cut off. */
    MALFORMED,
    /** With something unexpected, so that this server fails with an internal error. */
    MISTAKE
  }

  /** The form of credentials. */
  enum Look {
    OPAQUE("%s"),
    SECRET_KEY("sk_live_%s"),
    JWT("eyJhbGciOiJSUzI1NiJ9.%s.c2lnbmF0dXJl"),
    TICKET("https://accounts.example.com/sign-in?__clerk_ticket=%s&redirect_url=x");

    private final String form;

    Look(String form) {
      this.form = form;
    }
  }

  private final FakeClerk clerk = FakeClerk.answering(this::answer);
  private final Outcome outcome;
  private final boolean readingSucceeds;
  private final Look look;
  private final FullResponse full;
  private final Map<String, Answer> successes = new HashMap<>();
  private final Set<String> kept = new TreeSet<>();
  private List<String> ids = List.of();
  private final List<String> sent = new ArrayList<>();
  private int canaries;

  /**
   * Prepares answers.
   *
   * @param readingSucceeds whether only changes have another outcome
   * @param look the form of credentials that are declared secret
   */
  CanaryClerk(Outcome outcome, boolean readingSucceeds, Look look) {
    this.outcome = outcome;
    this.readingSucceeds = readingSucceeds;
    this.look = look;
    this.full =
        new FullResponse(SandboxCalls.CONTRACT, Json.object().put("note", "See " + recognizable()));
  }

  FakeClerk clerk() {
    return clerk;
  }

  /** From now on has the objects that these arguments name. */
  void expect(JsonNode arguments) {
    List<String> named = new ArrayList<>();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      JsonNode value = argument.getValue();
      if (argument.getKey().endsWith("_id") && value.isTextual()) {
        named.add(value.asText());
      }
    }
    ids = named.isEmpty() ? List.of("id_1") : named;
  }

  /** Creates a canary that is sent as a secret argument. */
  String toSend() {
    String canary = canary();
    sent.add(canary);
    return canary;
  }

  /** The canaries that must be in the secrets folder, and no others. */
  Set<String> kept() {
    return kept;
  }

  /** All canaries in a text, in order. */
  static Set<String> in(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = CANARY.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private Answer answer(String request) {
    String[] line = request.lines().findFirst().orElseThrow().split(" ", 2);
    if (line[0].equals("GET") && readingSucceeds) {
      return success(line[0], line[1]);
    }
    String everything = quoted(request) + " or " + canary();
    return switch (outcome) {
      case SUCCESS -> success(line[0], line[1]);
      case REFUSAL -> new Answer(422, refusal(request));
      case NO_ANSWER -> throw new UncheckedIOException(new IOException(everything));
      case TIMEOUT -> throw new UncheckedIOException(new InterruptedIOException(everything));
      case MALFORMED ->
          new Answer(200, "{\"id\":\"id_1\",\"token\":\"" + everything + "\",\"url\":");
      case MISTAKE -> throw new IllegalStateException(everything);
    };
  }

  /**
   * Answers the same request with the same object, so that the object does not seem to change
   * during a call.
   */
  private Answer success(String method, String target) {
    String path = target.replaceAll("\\?.*", "");
    return successes.computeIfAbsent(
        method + path + ids, key -> success(method, List.of(path.substring(1).split("/", -1))));
  }

  private Answer success(String method, List<String> path) {
    ApiOperation operation =
        Objects.requireNonNull(SandboxCalls.CONTRACT.find(method, path), path.toString())
            .operation();
    JsonNode answer = full.of(operation);
    identify(answer, path);
    for (Secret secret : SECRETS.getOrDefault(withoutNames(operation.route()), List.of())) {
      for (String credential : secret.value()) {
        if (credential.startsWith("data[]") && answer.isArray()) {
          answer = Json.object().put("total_count", answer.size()).set("data", answer);
        }
        answer = planted(answer, credential, secret.kept());
      }
    }
    return new Answer(operation.status(), answer.isNull() ? "" : answer.toString());
  }

  /** The object that the path names, or a list of all objects that the call named. */
  private void identify(JsonNode answer, List<String> segments) {
    JsonNode rows = answer.isArray() ? answer : answer.path("data");
    if (rows instanceof ArrayNode list && list.path(0) instanceof ObjectNode row) {
      list.removeAll();
      ids.forEach(id -> list.add(row.deepCopy().put("id", id)));
    } else if (answer instanceof ObjectNode object && object.has("id")) {
      object.put("id", segments.stream().filter(ids::contains).findFirst().orElse(ids.get(0)));
    }
  }

  private JsonNode planted(JsonNode value, String path, boolean keep) {
    if (path.isEmpty()) {
      String credential = look.form.formatted(canary());
      if (keep) {
        kept.addAll(in(credential));
      }
      return value.isArray() ? Json.array().add(credential) : TextNode.valueOf(credential);
    }
    if (path.startsWith("[]")) {
      ArrayNode items = Json.array();
      String rest = path.substring(2).replaceFirst("^\\.", "");
      value.forEach(item -> items.add(planted(item, rest, keep)));
      return items;
    }
    String name = path.replaceFirst("[.\\[].*", "");
    String rest = path.substring(name.length()).replaceFirst("^\\.", "");
    ObjectNode object = (ObjectNode) value;
    return object.<ObjectNode>set(name, planted(object.path(name), rest, keep));
  }

  /** Quotes the secret in every text of an error, and once truncated. */
  private String refusal(String request) {
    String quoted = quoted(request);
    ObjectNode answer = Json.object();
    ArrayNode errors = answer.putArray("errors");
    ObjectNode first = errors.addObject().put("code", "form_param_value_invalid");
    first.put("message", "No: " + quoted).put("long_message", "Not at all: " + quoted);
    first.putObject("meta").put("param_name", quoted).put("value", quoted);
    errors.addObject().put("code", "other").put("message", "Also " + quoted);
    for (String secret : sentIn(request)) {
      String padding = "x".repeat(LONGEST_MESSAGE - secret.length() + 5) + " ";
      errors.addObject().put("code", "cut").put("message", padding + secret + " is too long");
    }
    return answer.toString();
  }

  private String quoted(String request) {
    return String.join(", ", sentIn(request)) + "; " + recognizable();
  }

  private List<String> sentIn(String request) {
    return sent.stream().filter(request::contains).toList();
  }

  private String recognizable() {
    List<String> looks = new ArrayList<>();
    for (Look one : Look.values()) {
      if (one != Look.OPAQUE) {
        looks.add(one.form.formatted(canary()));
      }
    }
    return String.join(" or ", looks);
  }

  private String canary() {
    return String.format(Locale.ROOT, "%s-%06d-%s", MARK, ++canaries, MARK);
  }

  /** The declared secrets of every operation's answer, by route. */
  private static Map<String, List<Secret>> secrets() {
    Map<String, List<Secret>> secrets = new HashMap<>();
    new ClassFileImporter()
        .importPackages("dev.clerkmcp.tools").stream()
            .flatMap(type -> Stream.of(type.reflect().getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Secret.class))
            .forEach(
                method ->
                    secrets
                        .computeIfAbsent(route(method), route -> new ArrayList<>())
                        .add(method.getAnnotation(Secret.class)));
    return secrets;
  }

  private static String route(Method method) {
    Endpoint endpoint = Endpoint.parse(method.getAnnotation(Route.class).value());
    return withoutNames(endpoint.method() + " " + endpoint.path());
  }

  private static String withoutNames(String route) {
    return route.replaceAll("\\{\\w+}", "{}");
  }
}
