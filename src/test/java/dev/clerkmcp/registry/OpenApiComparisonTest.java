package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.ClerkOpenApi;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import dev.clerkmcp.registry.OpenApi.Argument;
import dev.clerkmcp.registry.OpenApi.Operation;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.registry.argument.TimeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that every declared endpoint matches Clerk's OpenAPI file completely. */
@EnabledIfSystemProperty(
    named = "clerk.openapi",
    matches = ".+",
    disabledReason = "needs -Dclerk.openapi=<Clerk's OpenAPI file>")
final class OpenApiComparisonTest {
  private static final String INVITATION_TELLS_IT =
      "An interceptor finds the organization by the invitation.";

  private static final String BULK = "The result for each item, not a page of a longer list.";

  /** The intended differences, with the reason for each. */
  private static final Map<String, String> INTENDED =
      Map.ofEntries(
          Map.entry("POST /invitations/bulk: is no Listing, in the file a list", BULK),
          Map.entry(
              "POST /organizations/{organization_id}/invitations/bulk: is no Listing, in the file a list",
              BULK),
          Map.entry("POST /waitlist_entries/bulk: is no Listing, in the file a list", BULK),
          Map.entry(
              "PATCH /users/{user_id}: password is not clearable, in the file nullable",
              "clerk_user_password_remove does it, by its effect."),
          Map.entry(
              "PATCH /users/{user_id}: totp_secret is not clearable, in the file nullable",
              "clerk_user_totp_delete does it, by its effect."),
          Map.entry(
              "PATCH /users/{user_id}: backup_codes is array of at least 1 string in body,"
                  + " in the file array of string in body",
              "clerk_user_backup_code_delete removes them all, by its effect."),
          Map.entry(
              "PATCH /enterprise_connections/{enterprise_connection_id}: domains is array of at"
                  + " least 1 string in body, in the file array of string in body",
              "Clerk ignores an empty list."),
          Map.entry(
              "POST /users: backup_codes is array of at least 1 string in body,"
                  + " in the file array of string in body",
              "No codes need no argument."),
          Map.entry(
              "POST /admin_portal_link_tokens: scopes is array of string in body,"
                  + " in the file array of string from length 1 in body",
              "A schema has bounds for arguments, not for items of a list."),
          Map.entry("POST /users/ban: is no Listing, in the file a list", BULK),
          Map.entry("POST /users/unban: is no Listing, in the file a list", BULK),
          Map.entry(
              "POST /domains: is_satellite is boolean in body,"
                  + " in the file boolean of [true] in body",
              "No schema of ours has a boolean with one value; its description says so."),
          Map.entry(
              "GET /organizations/{organization_id}/invitations/{invitation_id}: organization_id"
                  + " is required in the file",
              INVITATION_TELLS_IT),
          Map.entry(
              "POST /organizations/{organization_id}/invitations/{invitation_id}/revoke:"
                  + " organization_id is required in the file",
              INVITATION_TELLS_IT),
          Map.entry(
              "POST /users/{user_id}/profile_image: file is optional in the file",
              "An upload without a file changes nothing."));

  /** The operations that no tool has, with the reason for each. */
  private static final Map<String, String> LEFT_OUT =
      Map.of("GET /public/interstitial", "A page of HTML for browsers, not for an agent.");

  /** Clerk says only in prose how many values of a query parameter it takes. */
  private static final String UNBOUNDED = "array of string in query";

  private static final String MOST_100 = "array of at most 100 string in query";

  private static final OpenApi CLERK = read();

  @ParameterizedTest
  @MethodSource("endpoints")
  void endpointMatchesTheFile(ToolMethod declared) {
    List<String> intended =
        INTENDED.keySet().stream().filter(d -> d.startsWith(route(declared) + ": ")).toList();
    assertThat(differences(declared))
        .as(name(declared))
        .containsExactlyInAnyOrderElementsOf(intended);
  }

  @Test
  void intendedDifferencesNameDeclaredEndpoints() {
    List<String> routes = endpoints().map(e -> route(e.getPayload())).toList();
    assertThat(INTENDED.keySet()).allMatch(d -> routes.contains(d.substring(0, d.indexOf(": "))));
  }

  @Test
  void everyOperationIsDeclared() {
    Set<String> declared =
        endpoints().map(e -> route(e.getPayload())).collect(Collectors.toCollection(TreeSet::new));
    Set<String> missing = new TreeSet<>(CLERK.routes());
    missing.removeAll(declared);
    assertThat(missing).isEqualTo(LEFT_OUT.keySet());
  }

  /** What Clerk's file has is no longer added to it. */
  @Test
  void newerPartsAreNotInTheFile() throws IOException {
    assertThat(ClerkOpenApi.outdated(Path.of(System.getProperty("clerk.openapi")))).isEmpty();
  }

  static Stream<Named<ToolMethod>> endpoints() {
    return DeclaredOperations.methods().stream()
        .map(declared -> Named.of(name(declared), declared));
  }

  private static List<String> differences(ToolMethod declared) {
    Endpoint endpoint = endpoint(declared);
    Operation operation = CLERK.find(endpoint.method(), endpoint.path());
    if (operation == null) {
      return List.of(route(declared) + ": is not in the file");
    }
    List<String> all = new ArrayList<>();
    if (declared.isListing() != operation.answersList()) {
      all.add(
          operation.answersList()
              ? "is no Listing, in the file a list"
              : "is a Listing, in the file no list");
    }
    Map<String, Argument> ours = arguments(declared, endpoint);
    Map<String, Argument> theirs = operation.arguments();
    ours.forEach((name, our) -> compare(name, our, theirs.get(name), endpoint.method(), all));
    theirs.forEach(
        (name, their) -> {
          if (!ours.containsKey(name) && !their.deprecated()) {
            all.add(name + " is missing");
          }
        });
    return all.stream().map(difference -> route(declared) + ": " + difference).toList();
  }

  private static void compare(
      String name, Argument our, @Nullable Argument their, String method, List<String> all) {
    if (their == null) {
      all.add(name + " is not in the file");
      return;
    }
    boolean documentedBound = our.form().equals(MOST_100) && their.form().equals(UNBOUNDED);
    if (!our.form().equals(their.form()) && !documentedBound) {
      all.add("%s is %s, in the file %s".formatted(name, our.form(), their.form()));
    }
    if (our.required() != their.required()) {
      all.add(name + (their.required() ? " is required in the file" : " is optional in the file"));
    }
    if (our.nullable() && !their.nullable()) {
      all.add(name + " is clearable, in the file not nullable");
    }
    if (!our.nullable() && their.nullable() && method.equals("PATCH") && clears(name, their)) {
      all.add(name + " is not clearable, in the file nullable");
    }
  }

  /** A switch has nothing to clear, and an object is emptied by its own rules. */
  private static boolean clears(String name, Argument argument) {
    return name.matches("\\w+")
        && !argument.form().startsWith("boolean")
        && !argument.form().startsWith("object");
  }

  private static Map<String, Argument> arguments(ToolMethod declared, Endpoint endpoint) {
    Map<String, Argument> all = new TreeMap<>();
    for (dev.clerkmcp.registry.argument.Argument property : declared.arguments().schema().all()) {
      boolean inPath = endpoint.variables().contains(property.name());
      boolean whole = !inPath && endpoint.payload() instanceof Payload.JsonValue;
      add(
          all,
          whole ? OpenApi.WHOLE_BODY : property.name(),
          property,
          inPath ? "path" : place(endpoint.payload(), property.name()));
    }
    endpoint.fixedQuery().forEach((name, value) -> all.put(name, fixed(value)));
    return all;
  }

  private static String place(Payload payload, String name) {
    if (payload instanceof Payload.Query query) {
      return query.joined().contains(name) ? "query, joined by commas" : "query";
    }
    return payload instanceof Payload.Form ? "form" : "body";
  }

  private static Argument fixed(String value) {
    String type = value.matches("true|false") ? "boolean" : "string";
    return new Argument(type + " in query", false, false, false);
  }

  private static void add(
      Map<String, Argument> all,
      String name,
      dev.clerkmcp.registry.argument.Argument property,
      String place) {
    all.put(
        name,
        new Argument(
            form(property.type()) + " in " + place,
            property.required(),
            property.clearable(),
            false));
    if (property.type() instanceof ArgumentType.Fields fields) {
      fields.properties().all().forEach(f -> add(all, name + "." + f.name(), f, place));
    }
    if (property.type() instanceof ArgumentType.Items items
        && items.item() instanceof ArgumentType.Fields fields) {
      fields.properties().all().forEach(f -> add(all, name + "[]." + f.name(), f, place));
    }
  }

  private static String form(ArgumentType type) {
    if (type instanceof ArgumentType.Choice choice) {
      return "string" + Argument.oneOf(choice.words());
    }
    if (type instanceof ArgumentType.Whole whole) {
      return Argument.integer(least(whole.min()), most(whole.max()));
    }
    if (type instanceof ArgumentType.Items items) {
      return Argument.array(form(items.item()), least(items.min()), most(items.max()));
    }
    if (type instanceof TimeType time) {
      return time.millis() ? Argument.integer(null, null) : Argument.string(null, null);
    }
    if (type instanceof ArgumentType.Text text) {
      return Argument.string(least(text.min()), most(text.max()));
    }
    return type instanceof ArgumentType.ImagePath ? "file" : type.schema().path("type").asText();
  }

  private static @Nullable Long least(long min) {
    return min == Long.MIN_VALUE ? null : min;
  }

  private static @Nullable Long most(long max) {
    return max == Long.MAX_VALUE ? null : max;
  }

  private static String name(ToolMethod declared) {
    return "%s.%s: %s"
        .formatted(
            declared.method().getDeclaringClass().getSimpleName(),
            declared.method().getName(),
            route(declared));
  }

  private static String route(ToolMethod declared) {
    return endpoint(declared).method() + " " + endpoint(declared).path();
  }

  private static Endpoint endpoint(ToolMethod declared) {
    return Objects.requireNonNull(declared.endpoint(), "endpoints have routes");
  }

  private static OpenApi read() {
    try {
      return OpenApi.read(Path.of(System.getProperty("clerk.openapi")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
