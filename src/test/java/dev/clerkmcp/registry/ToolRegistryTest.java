package dev.clerkmcp.registry;

import static dev.clerkmcp.registry.Effect.DESTROY;
import static dev.clerkmcp.registry.Effect.READ;
import static dev.clerkmcp.registry.Effect.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.server.ToolModule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how tools are found, and the results of their calls. */
final class ToolRegistryTest {
  static final List<Throwable> MISTAKES =
      List.of(
          quiet(new IllegalStateException("secret")),
          quiet(new NoClassDefFoundError("secret")),
          quiet(new StackOverflowError("secret")),
          quiet(new OutOfMemoryError("secret")),
          quiet(new AssertionError("secret")));

  private static final ToolRegistry CATALOG =
      ToolModule.registry(FakeClerk.answering("{}").client());

  @ToolGroup(id = "things", description = "Things")
  private interface Things {
    @Tool(name = "clerk_thing_get", title = "Get thing", effect = READ, aliases = "get_thing")
    @Description("One thing.")
    @Route("GET /things/{thing_id}")
    JsonNode get(@Arg("Which one") String thingId);

    @Tool(name = "clerk_thing_delete", title = "Delete thing", effect = DESTROY)
    @Description("Delete a thing.")
    @Route("DELETE /things/{thing_id}")
    JsonNode delete(@Arg("Which one") String thingId);

    @Tool(name = "clerk_things_list", title = "List things", effect = READ)
    @Description("List things page by page.")
    @Route("GET /things")
    ListPage list(@Arg("Rows") @Nullable Integer limit, @Arg("Start") @Nullable Long offset);

    @Tool(name = "clerk_all_things_list", title = "List all things", effect = READ)
    @Description("List all things.")
    @Route("GET /things")
    ListPage listAll();
  }

  @ToolGroup(id = "things")
  private record Composed(Supplier<@Nullable JsonNode> work) {
    @Tool(name = "clerk_thing_make", title = "Make thing", effect = UPDATE)
    @Description("Make a thing.")
    @Nullable JsonNode make() {
      return work.get();
    }

    @Tool(name = "clerk_thing_look", title = "Look at thing", effect = READ)
    @Description("Look at a thing.")
    @Nullable JsonNode look() {
      return work.get();
    }
  }

  // Finding a tool

  @Test
  void aliasFindsTheSameToolAndIsNotListed() {
    ToolRegistry registry = registry(answering(200, "{}"));
    assertThat(registry.find("get_thing")).isSameAs(registry.find("clerk_thing_get"));
    assertThat(registry.find("clerk_thing")).isNull();
    assertThat(registry.tools())
        .extracting(ToolDefinition::name)
        .containsExactly(
            "clerk_all_things_list", "clerk_thing_delete", "clerk_thing_get", "clerk_things_list");
  }

  @ParameterizedTest
  @CsvSource({
    "clerk_user_list, clerk_users_list",
    "clerk_get_users, clerk_user_get",
    "list_users, clerk_users_list",
    "clerk_users_delete, clerk_user_delete",
    "clerk_organisation_create, clerk_organization_create",
    "CLERK_USERS_LIST, clerk_users_list",
    "clerk-users-list, clerk_users_list",
    "clerk_org_members_list, clerk_org_memberships_list",
  })
  void nearestNameIsFirst(String mistaken, String meant) {
    assertThat(CATALOG.nearest(mistaken)).hasSize(3).startsWith(meant);
  }

  @Test
  void groupsKeepTheirOrder() {
    assertThat(CATALOG.groups().keySet())
        .startsWith("tools", "undo", "users", "organizations", "organization_memberships");
  }

  // Successes

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"thing_1\",\"rate\":1.10} | {\"id\":\"thing_1\",\"rate\":1.10}",
        "''                                 | {\"done\":true}",
        "null                               | {\"done\":true}",
      })
  void answerIsPassedThrough(String answer, String json) {
    assertThat(delete(answering(200, answer))).isEqualTo(new ToolResult(json, false, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}          | [{\"id\":1},{\"id\":2}] | [{\"id\":1},{\"id\":2}] | null | false | null",
        "{limit:2}   | [1,2]                   | [1,2] | null | true  | {\"offset\":2}",
        "{limit:2, offset:4} | [1,2]           | [1,2] | null | true  | {\"offset\":6}",
        "{limit:3}   | [1,2]                   | [1,2] | null | false | null",
        "{}          | [1,2,3,4,5,6,7,8,9,10]  | [1,2,3,4,5,6,7,8,9,10] | null | true"
            + " | {\"offset\":10}",
        "{}          | []                      | []    | null | false | null",
        "{}          | {\"data\":[1,2],\"total_count\":2}    | [1,2] | 2 | false | null",
        "{}          | {\"data\":[1,2],\"total_count\":3}    | [1,2] | 3 | true  | {\"offset\":2}",
        "{offset:1}  | {\"data\":[1,2],\"total_count\":3}    | [1,2] | 3 | false | null",
        "{offset:9}  | {\"data\":[],\"total_count\":3}       | []    | 3 | false | null",
        "{}          | {\"m2m_tokens\":[1],\"total_count\":9} | [1]  | 9 | true  | {\"offset\":1}",
        "{}          | {\"object\":\"list\",\"data\":[1]}    | [1]   | null | false | null",
        "{}          | {}                      | []    | null | false | null",
        "{}          | ''                      | []    | null | false | null",
      })
  void everyListHasTheSameForm(
      String arguments, String answer, String data, String total, boolean more, String next)
      throws IOException {
    ToolResult result =
        call(registry(answering(200, answer)), "clerk_things_list", named(arguments));
    assertThat(result)
        .isEqualTo(
            new ToolResult(
                "{\"data\":%s%s,\"has_more\":%s%s}"
                    .formatted(data, member("total_count", total), more, member("next", next)),
                false,
                List.of()));
  }

  private static String member(String name, String value) {
    return value.equals("null") ? "" : ",\"%s\":%s".formatted(name, value);
  }

  @Test
  void listWithoutPagesHasNoNext() {
    ToolRegistry registry = registry(answering(200, "{\"data\":[1],\"total_count\":3}"));
    assertThat(call(registry, "clerk_all_things_list", Json.object()).json())
        .isEqualTo("{\"data\":[1],\"total_count\":3,\"has_more\":false}");
  }

  // Failures

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | Correct the arguments and call again.",
        "401 | Clerk does not accept the secret key. A person must replace it where it is set"
            + " (CLERK_SECRET_KEY, or the file of CLERK_SECRET_KEY_FILE or CLERK_MCP_INSTANCES)"
            + " by one from the API keys page of the Clerk dashboard, and restart the server.",
        "402 | The instance's plan lacks this feature; only a person can change the plan.",
        "403 | Clerk does not allow this here; the feature may be switched off.",
        "404 | Check the ID; a list tool shows the existing IDs.",
        "409 | Something else is changing the same object; try again in a moment.",
        "410 | Clerk has retired this operation.",
        "413 | Send less at once.",
        "422 | Correct the arguments and call again.",
        "429 | Nothing was changed. Wait a moment, then call again.",
        "500 | The change may have been made anyway: read before you repeat it.",
      })
  void clerksErrorSaysWhatToDoNext(int status, String next) {
    String message =
        status == 429 ? "Clerk's rate limit is used up; it refused 4 of 4 tries." : "m";
    assertThat(delete(answering(status, "{\"errors\":[{\"code\":\"c\",\"message\":\"m\"}]}")))
        .isEqualTo(
            failure(
                Json.object()
                    .put("status", status)
                    .put("code", "c")
                    .put("message", message)
                    .put("next", next)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errors\":null}",
        "{\"errors\":[]}",
        "{\"errors\":[{\"code\":\"c\"}]}",
        "{\"errors\":[{\"code\":\"c\",\"message\":\" \",\"long_message\":null}]}"
      })
  void errorWithoutExplanationSaysSo(String body) {
    assertThat(ToolCaller.json(delete(answering(400, body))).at("/error/message").asText())
        .isEqualTo("HTTP 400 without an explanation");
  }

  /** The status alone would say: correct the arguments, or try again in a moment. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | delete_linked_identification_disallowed | clerk_user_external_account_delete",
        "400 | last_required_identification_deletion_failed | Add another way",
        "403 | organization_membership_quota_exceeded | Raise max_allowed_memberships",
        "400 | organization_minimum_permissions_needed | Make another member an admin",
        "422 | form_identifier_exists | give another value",
        "400 | already_a_member_in_organization | clerk_org_membership_update",
        "400 | duplicate_record | use that one",
        "400 | invitation_already_revoked | nothing to repeat",
        "409 | waitlist_entry_already_invited | nothing to repeat",
        "422 | api_keys_not_enabled | switched off",
        "403 | organization_slugs_disabled | clerk_instance_org_settings_update",
        "400 | dev_monthly_email_limit_exceeded | used up for this period",
        "403 | user_quota_exceeded | plan is reached",
        "422 | organization_role_assigned_members | in use",
        "400 | no_password_set | nothing to check",
        "400 | verification_expired | a new verification",
        "400 | svix_app_missing | clerk_webhook_svix_app_create",
        "403 | user_banned | clerk_user_unban",
        "409 | user_managed_by_scim | only there"
      })
  void codeDecidesOverStatus(int status, String code, String advice) {
    String error = "{\"errors\":[{\"code\":\"%s\",\"message\":\"m\"}]}".formatted(code);
    assertThat(ToolCaller.json(delete(answering(status, error))).at("/error/next").asText())
        .contains(advice)
        .doesNotContain("Correct the arguments", "in a moment");
  }

  @Test
  void allReasonsOfClerkArePassedOn() {
    ToolResult result =
        delete(
            answering(
                422,
                """
                {"errors":[
                  {"code":"form_param_missing","message":"m","long_message":"is missing",
                   "meta":{"param_name":"email_address"}},
                  {"code":"form_param_unknown","message":"is unknown",
                   "meta":{"param_name":"mail"}}],
                 "clerk_trace_id":"trace_1"}
                """));
    ObjectNode error =
        Json.object()
            .put("status", 422)
            .put("code", "form_param_missing")
            .put("message", "is missing")
            .put("param", "email_address");
    error
        .putArray("others")
        .addObject()
        .put("code", "form_param_unknown")
        .put("message", "is unknown")
        .put("param", "mail");
    error.put("trace_id", "trace_1").put("next", "Correct the arguments and call again.");
    assertThat(result).isEqualTo(failure(error));
  }

  @Test
  void rateLimitSaysHowLongToWait() {
    assertThat(delete(answering(429, "Too many requests", "Retry-After", "3600")))
        .isEqualTo(
            failure(
                Json.object()
                    .put("status", 429)
                    .put("code", "too_many_requests")
                    .put(
                        "message",
                        "Clerk's rate limit is used up for another 3600 s, longer than this call"
                            + " may wait.")
                    .put("retry_after_seconds", 3600)
                    .put(
                        "next",
                        "Nothing was changed. Wait 3600 s (60 minutes), then call again.")));
  }

  @Test
  void failedReadSuggestsRetry() {
    ToolResult result =
        call(registry(answering(500, "")), "clerk_thing_get", Json.object().put("thing_id", "x"));
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains("\"status\":500", "\"next\":\"Clerk has a problem; try again later.\"");
  }

  @Test
  void missingKeyErrorAsksForAPerson() {
    ClerkClient clerk =
        ClerkClient.create(
            new ClerkClient.Settings(
                null,
                "https://clerk.invalid/v1",
                "test",
                Duration.ofSeconds(5),
                Duration.ZERO,
                null,
                NetworkSettings.DIRECT));
    assertThat(delete(clerk))
        .returns(true, ToolResult::isError)
        .extracting(ToolResult::json)
        .asString()
        .startsWith("{\"error\":{\"code\":\"no_secret_key\",\"message\":")
        .contains("\"next\":\"A person must copy the secret key");
  }

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void internalErrorIsAResult(Throwable mistake) {
    assertInternalError(
        () -> {
          throw ToolRegistryTest.<RuntimeException>unchecked(mistake);
        });
  }

  @Test
  void nullAnswerIsAnInternalError() {
    assertInternalError(() -> null);
  }

  @Test
  void cancellationIsThrown() {
    Supplier<@Nullable JsonNode> work =
        () -> {
          throw new CancellationException();
        };
    assertThatThrownBy(() -> call(composed(work), "clerk_thing_make", Json.object()))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void callThatIsCancelledHasNoResult() {
    Invocation invocation = new Invocation(Runnable::run, Caller.UNKNOWN);
    ToolRegistry registry = registry(answering(404, ""));
    ToolDefinition tool = Objects.requireNonNull(registry.find("clerk_thing_get"));
    invocation.cancel();
    assertThatThrownBy(() -> registry.call(tool, Json.object().put("thing_id", "x"), invocation))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void refusalAfterCancellationHasNoResult() {
    Supplier<@Nullable JsonNode> work =
        () -> {
          Invocation.current().cancel();
          throw ClerkException.notFound("m");
        };
    assertThatThrownBy(() -> call(composed(work), "clerk_thing_make", Json.object()))
        .isInstanceOf(CancellationException.class);
  }

  private static void assertInternalError(Supplier<@Nullable JsonNode> work) {
    assertThat(call(composed(work), "clerk_thing_make", Json.object()))
        .isEqualTo(
            failure(
                Json.object()
                    .put("code", "internal_error")
                    .put("message", "clerk_thing_make failed because of a bug in clerk-mcp.")
                    .put(
                        "next",
                        "The change may have been made: read before you repeat it. The server's log"
                            + " on stderr has the details.")));
    assertThat(call(composed(work), "clerk_thing_look", Json.object()).json())
        .contains("\"next\":\"The server's log on stderr has the details.\"");
  }

  /** The registry logs it, and a build's log has no use for its stack. */
  private static Throwable quiet(Throwable mistake) {
    mistake.setStackTrace(new StackTraceElement[0]);
    return mistake;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws an Error unwrapped
  private static <E extends Throwable> E unchecked(Throwable mistake) throws E {
    throw (E) mistake;
  }

  private static ToolResult delete(ClerkClient clerk) {
    return call(registry(clerk), "clerk_thing_delete", Json.object().put("thing_id", "thing_1"));
  }

  private static ToolResult call(ToolRegistry registry, String name, JsonNode arguments) {
    ToolDefinition tool = Objects.requireNonNull(registry.find(name));
    return registry.call(tool, arguments, Invocation.current());
  }

  private static ToolResult failure(ObjectNode error) {
    return new ToolResult(Json.object().set("error", error).toString(), true, List.of());
  }

  private static ToolRegistry registry(ClerkClient clerk) {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(Things.class);
    return builder.build(ClerkInstances.of(clerk), Interceptors.none());
  }

  private static ToolRegistry composed(Supplier<@Nullable JsonNode> work) {
    ToolRegistryBuilder builder = new ToolRegistryBuilder();
    builder.addEndpoints(Things.class);
    builder.addObject(new Composed(work));
    return builder.build(ClerkInstances.of(answering(200, "{}")), Interceptors.none());
  }

  private static ClerkClient answering(int status, String body, String... headers) {
    Interceptor answers =
        chain ->
            new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .headers(Headers.of(headers))
                .body(ResponseBody.create(body, MediaType.get("application/json")))
                .build();
    return ClerkClient.create(
        new ClerkClient.Settings(
            SecretKey.of("sk_test_notarealkey"),
            "https://clerk.invalid/v1",
            "test",
            Duration.ofSeconds(5),
            Duration.ofMillis(1),
            null,
            NetworkSettings.DIRECT),
        answers);
  }

  private static ObjectNode named(String arguments) throws IOException {
    return (ObjectNode) Json.read(arguments.replaceAll("(\\w+):", "\"$1\":"));
  }
}
