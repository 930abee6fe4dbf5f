package dev.clerkmcp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.argument.ArgumentType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that exactly the credentials in Clerk's answers and arguments are declared as secret. */
final class CredentialsTest {
  private static final String OPENAPI = "clerk.openapi";

  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*[_.\\]])?(?:codes?|cookies?|digest|headers|jwt|key|password(?:_\\w+)?|saml_response"
              + "|secret|svix_url|ticket|tokens?(?:_\\w+)?|(?<!_)url)"
              + "|keys\\[]\\.(?:d|dp|dq|k|p|q|qi)");

  private static final Pattern DESCRIPTION =
      Pattern.compile(
          "(?i).*\\b(?:api key|backup codes?|bearer|cookies?|credentials?|jwt|one-time|passwords?"
              + "|private key|secret|signing key|single-use|tickets?|tokens?)\\b.*",
          Pattern.DOTALL);

  /** Fields and arguments that are named like a credential, with the reason why they are none. */
  private static final Map<String, String> NOT_SECRET =
      Map.ofEntries(
          Map.entry(".*: .*\\b(?:error|logs\\[])\\.code", "The code of an error."),
          Map.entry(
              ".*: (?:.*[.\\]])?key", "The name of a role, a permission, an attribute or a task."),
          Map.entry(
              ".*: .*\\b(?:\\w+_)?(?:role|role_set)_key", "The name of a role or a role set."),
          Map.entry(".*: .*\\boauth_config\\.provider_key", "The name of an identity provider."),
          Map.entry(".*/billing/credits: idempotency_key", "Keeps a credit from counting twice."),
          Map.entry(".* /instance/communication: blocked_country_codes", "Codes of countries."),
          Map.entry(".*/discounts.*: promo_code", "A discount for customers."),
          Map.entry(
              ".*: .*\\btoken_(?:fetch_|introspection_)?url", "An address, with no token in it."),
          Map.entry(".*: (?:.*\\.)?password_hasher", "The name of an algorithm."),
          Map.entry(".* /redirect_urls.*: .*\\burl", "An address of the application's own."));

  /** Fields whose descriptions contain such words, but which are no credentials. */
  private static final Map<String, String> NOT_SECRET_BY_DESCRIPTION =
      Map.ofEntries(
          Map.entry(".*: .*_id", "An ID gives no access."),
          Map.entry(".*: .*\\bscopes", "The scopes of a token."),
          Map.entry(".* /jwt_templates.*: (?:claims|name)", "The content of tokens, not a token."),
          Map.entry("POST /agents/tasks: redirect_url", "Where the agent goes once signed in."),
          Map.entry(".*: preferred_sign_in_strategy_when_password_required", "A setting."));

  private static final Set<String> READ_ON_PURPOSE =
      Set.of(
          "GET /api_keys/{api_key_id}/secret",
          "GET /machines/{machine_id}/secret_key",
          "GET /users/{user_id}/oauth_access_tokens/{provider}");

  /** Operations that create something else, whose answer may contain a credential. */
  private static final Set<String> CREATED_ALONG =
      Set.of(
          "POST /phone_numbers",
          "POST /users",
          "POST /waitlist_entries",
          "POST /waitlist_entries/bulk");

  private static final ClerkFields CONTRACT = contract();

  /** Read once for all tests, because it takes a while. */
  private static final List<Named<ToolMethod>> ENDPOINTS = declarations();

  @ParameterizedTest
  @MethodSource("endpoints")
  void credentialsOfTheAnswerAreDeclared(ToolMethod declared) {
    assertThat(declaredFields(declared))
        .isEqualTo(credentials(declared, CONTRACT.answered(route(declared)), false));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void credentialsAmongTheArgumentsAreDeclared(ToolMethod declared) {
    assertThat(secretArguments(declared))
        .isEqualTo(
            argumentsOf(declared, credentials(declared, CONTRACT.taken(route(declared)), false)));
  }

  /** A tool that creates a credential is called to get it; the list names the reads that are. */
  @ParameterizedTest
  @MethodSource("endpoints")
  void onlyRequestedCredentialsAreStored(ToolMethod declared) {
    Secret secret = declared.method().getAnnotation(Secret.class);
    if (secret == null) {
      return;
    }
    boolean makes =
        declared.effect() == Effect.CREATE || declared.effect() == Effect.IRREVERSIBLE_EACH_TIME;
    assertThat(secret.kept())
        .isEqualTo(
            makes
                ? !CREATED_ALONG.contains(route(declared))
                : READ_ON_PURPOSE.contains(route(declared)));
  }

  @Test
  void everyExceptionIsNeeded() {
    assertThat(NOT_SECRET.keySet())
        .allMatch(
            exception ->
                ENDPOINTS.stream().map(Named::getPayload).anyMatch(e -> isNeeded(exception, e)));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  @EnabledIfSystemProperty(named = OPENAPI, matches = ".+")
  void whatClerkDescribesAsCredentialIsDeclared(ToolMethod declared) throws IOException {
    ClerkFields fields = OpenApiFile.FIELDS;
    String route = route(declared);
    assertThat(declaredFields(declared))
        .isEqualTo(credentials(declared, fields.answered(route), true));
    assertThat(secretArguments(declared))
        .isEqualTo(argumentsOf(declared, credentials(declared, fields.taken(route), true)));
  }

  static List<Named<ToolMethod>> endpoints() {
    return ENDPOINTS;
  }

  private static List<Named<ToolMethod>> declarations() {
    return DeclaredOperations.methods().stream()
        .map(declared -> Named.of(route(declared), declared))
        .toList();
  }

  private static Set<String> credentials(
      ToolMethod declared, SortedMap<String, String> fields, boolean described) {
    Set<String> credentials = new TreeSet<>();
    fields.forEach(
        (path, description) -> {
          String place = route(declared) + ": " + path;
          boolean named = NAME.matcher(path).matches() && !isIn(NOT_SECRET, place);
          boolean told =
              described
                  && DESCRIPTION.matcher(description).matches()
                  && !isIn(NOT_SECRET, place)
                  && !isIn(NOT_SECRET_BY_DESCRIPTION, place);
          if (named || told) {
            credentials.add(asAsked(declared, path));
          }
        });
    return credentials;
  }

  /** Asked for pages, Clerk wraps what the file says is a bare array. */
  private static String asAsked(ToolMethod declared, String path) {
    boolean wrapped =
        Objects.requireNonNull(declared.endpoint()).fixedQuery().containsKey("paginated");
    return wrapped && path.startsWith("[]") ? "data" + path : path;
  }

  private static boolean isIn(Map<String, String> exceptions, String place) {
    return exceptions.keySet().stream().anyMatch(place::matches);
  }

  private static boolean isNeeded(String exception, ToolMethod declared) {
    String route = route(declared);
    return Stream.of(CONTRACT.answered(route), CONTRACT.taken(route))
        .flatMap(fields -> fields.keySet().stream())
        .filter(path -> NAME.matcher(path).matches())
        .anyMatch(path -> (route + ": " + path).matches(exception));
  }

  private static Set<String> declaredFields(ToolMethod declared) {
    Secret secret = declared.method().getAnnotation(Secret.class);
    return secret == null ? Set.of() : Set.of(secret.value());
  }

  private static Set<String> secretArguments(ToolMethod declared) {
    Set<String> secrets = new TreeSet<>();
    collect(declared.arguments().schema(), "", secrets, true);
    return secrets;
  }

  /** Clerk's deprecated arguments are not declared. */
  private static Set<String> argumentsOf(ToolMethod declared, Set<String> paths) {
    Set<String> known = new TreeSet<>();
    collect(declared.arguments().schema(), "", known, false);
    known.retainAll(paths);
    return known;
  }

  private static void collect(
      ArgumentSchema properties, String prefix, Set<String> paths, boolean secretOnly) {
    for (Argument property : properties.all()) {
      String path = prefix + property.name();
      if (property.secret() || !secretOnly) {
        paths.add(path);
      }
      if (property.type() instanceof ArgumentType.Fields fields) {
        collect(fields.properties(), path + ".", paths, secretOnly);
      }
      if (property.type() instanceof ArgumentType.Items items
          && items.item() instanceof ArgumentType.Fields fields) {
        collect(fields.properties(), path + "[].", paths, secretOnly);
      }
    }
  }

  private static String route(ToolMethod declared) {
    var endpoint = Objects.requireNonNull(declared.endpoint(), "endpoints have routes");
    return endpoint.method() + " " + endpoint.path();
  }

  private static ClerkFields contract() {
    try {
      return ClerkFields.ofContract();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loaded only if the test that needs it runs. */
  private static final class OpenApiFile {
    static final ClerkFields FIELDS = read();

    private OpenApiFile() {}

    private static ClerkFields read() {
      try {
        return ClerkFields.ofOpenApi(Path.of(System.getProperty(OPENAPI)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
