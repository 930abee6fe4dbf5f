package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.clerkmcp.ExampleArguments;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.FakeClerk.Answer;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.Route;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that no answer has a credential, and that credentials are stored in files of the user. */
final class SecretInterceptorTest {
  private static final String SECRET = "a-secret-of-good-length-0123456789";
  private static final String MACHINE =
      "{\"id\":\"mch_1\",\"name\":\"bot\",\"secret_key\":\"%s\",\"created_at\":1767225600000}"
          .formatted(SECRET);

  private final Path temp;

  SecretInterceptorTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @ParameterizedTest
  @MethodSource("toolsThatAnswerCredentials")
  void declaredCredentialsAreMaskedAndStored(Method declared) throws Exception {
    Secret secret = declared.getAnnotation(Secret.class);
    FakeClerk clerk = FakeClerk.answering(answer(secret.value()).toString());
    ToolRegistry tools = tools(clerk, new SecretInterceptor(folder(), false));
    ToolDefinition tool =
        Objects.requireNonNull(tools.find(declared.getAnnotation(Tool.class).name()));
    JsonNode schema = tool.arguments().fullSchema();
    ToolResult result = ToolCaller.call(tools, tool.name(), ExampleArguments.required(schema));
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(result.json()).contains("\"...").doesNotContain(SECRET);
    assertThat(result.notes().toString()).doesNotContain(SECRET);
    List<Path> files = files();
    assertThat(files).hasSize(secret.kept() ? 1 : 0);
    if (secret.kept()) {
      JsonNode kept = Json.read(Files.readString(files.get(0))).path("secrets");
      assertThat(kept).hasSize(secret.value().length).allMatch(s -> s.asText().equals(SECRET));
      assertThat(result.notes()).anyMatch(note -> note.contains(files.get(0).toString()));
    }
  }

  @Test
  void secretFileNamesTheObject() throws Exception {
    ToolRegistry tools =
        tools(FakeClerk.answering(MACHINE), new SecretInterceptor(folder(), false));
    ToolResult result = ToolCaller.call(tools, "clerk_machine_create", "{'name':'bot'}");
    Path file = files().get(0);
    assertThat(result.notes())
        .containsExactly(
            "The secret_key of mch_1 is in %s (only you can read it).".formatted(file));
    assertThat(result.json()).contains("mch_1", "bot", "1767225600000").doesNotContain(SECRET);
    assertThat(file.getFileName().toString())
        .matches("\\d{8}T\\d{6}Z-clerk_machine_create-mch_1\\.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    ObjectNode kept = (ObjectNode) Json.read(Files.readString(file));
    assertThat(kept.remove("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(kept)
        .hasToString(
            ("{\"tool\":\"clerk_machine_create\",\"instance\":\"test\",\"id\":\"mch_1\","
                    + "\"name\":\"bot\",\"secrets\":{\"secret_key\":\"%s\"}}")
                .formatted(SECRET));
  }

  @Test
  void secretFileOfListNamesTheObjectOfEachCredential() throws Exception {
    FakeClerk clerk =
        FakeClerk.answering(
            "[{\"id\":\"inv_1\",\"url\":\"%1$s\"},{\"id\":\"inv_2\",\"url\":\"%1$s\"}]"
                .formatted(SECRET));
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), false)),
            "clerk_invitation_create_bulk",
            "{'invitations':[{'email_address':'a@example.com'},{'email_address':'b@example.com'}]}");
    assertThat(result.notes().get(0)).startsWith("The url of each of 2 is in ");
    assertThat(Json.read(Files.readString(files().get(0))).path("ids"))
        .hasToString("{\"[0].url\":\"inv_1\",\"[1].url\":\"inv_2\"}");
  }

  /** The note is about the object that has the credential, not about the one around it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_invitation_create_bulk | {'organization_id':'org_1','invitations':[{'email_address':'a@example.com','role':'org:member'}]} | {'data':[{'id':'orginv_1','url':'SECRET'}]} | The url of orginv_1 is in ",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'a@example.com'}]} | [{'id':'inv_1','url':'SECRET'}] | The url of inv_1 is in ",
        "clerk_waitlist_entry_invite | {'waitlist_entry_id':'wle_1'} | {'id':'wle_1','invitation':{'id':'inv_1','url':'SECRET'}} | The url of inv_1 is in ",
        "clerk_sign_in_token_create | {'user_id':'user_1'} | {'id':'sit_1','token':'SECRET','url':'SECRET'} | The token and url of sit_1 are in ",
        "clerk_machine_secret_get | {'machine_id':'mch_1'} | {'secret':'SECRET'} | The secret of mch_1 is in "
      })
  void noteNamesTheOwner(String tool, String arguments, String answer, String note) {
    FakeClerk clerk = FakeClerk.answering(answer.replace('\'', '"').replace("SECRET", SECRET));
    ToolResult result =
        ToolCaller.call(tools(clerk, new SecretInterceptor(folder(), false)), tool, arguments);
    assertThat(result.notes()).anyMatch(told -> told.startsWith(note));
  }

  @ParameterizedTest
  @CsvSource({"../../etc/x,.._.._etc_x", "a b\u0000c,a_b_c"})
  void secretFileNameIsSanitized(String id, String expected) throws Exception {
    ObjectNode machine = ((ObjectNode) Json.read(MACHINE)).put("id", id);
    ToolCaller.call(
        tools(FakeClerk.answering(machine.toString()), new SecretInterceptor(folder(), false)),
        "clerk_machine_create",
        "{'name':'bot'}");
    assertThat(files().get(0).getFileName().toString())
        .endsWith("-clerk_machine_create-%s.json".formatted(expected.replace('.', '_')));
  }

  @ParameterizedTest
  @CsvSource({
    "clerk_users_list,{},phone_numbers",
    "clerk_invitations_list,{},url",
    "clerk_user_update,{'user_id':'user_1';'first_name':'Ada'},phone_numbers",
  })
  void workflowsMaskCredentials(String tool, String arguments, String field) {
    String row =
        "{\"id\":\"x_1\",\"token\":\"%1$s\",\"url\":\"%1$s\",\"phone_numbers\":[{\"backup_codes\":[\"%1$s\"]}]}"
            .formatted(SECRET);
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              if (request.startsWith("GET /users/count")) {
                return new Answer(200, "{\"total_count\":1}");
              }
              String list = request.startsWith("GET /invitations") ? "{\"data\":[%s]}" : "[%s]";
              return new Answer(200, request.startsWith("PATCH") ? row : list.formatted(row));
            });
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), false)),
            tool,
            arguments.replace(';', ','));
    assertThat(result.json()).contains(field);
    String own = field.equals("url") ? "\"url\":\"%s\"" : "\"backup_codes\":[\"%s\"]";
    assertThat(result.json())
        .doesNotContain(own.formatted(SECRET), "\"token\":\"%s\"".formatted(SECRET));
  }

  @Test
  void requestOfWorkflowIsNotMasked() {
    FakeClerk clerk =
        FakeClerk.answering(
            "{\"id\":\"jtmp_1\",\"name\":\"a\",\"claims\":{\"key\":\"sk_live_abcdefghijklmnop\"}}");
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), false)),
            "clerk_jwt_template_update",
            "{'template_id':'jtmp_1','lifetime':60}");
    assertThat(clerk.requests().get(1)).contains("sk_live_abcdefghijklmnop");
    assertThat(result.json()).contains("sk_...").doesNotContain("abcdefghijklmnop");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void errorMasksSentSecrets(boolean reveal) {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                new Answer(
                    422,
                    ("{\"errors\":[{\"code\":\"form_password_pwned\",\"long_message\":\"No: hunter22"
                        + " of user_1\",\"meta\":{\"param_name\":\"hunter22\"}},"
                        + "{\"code\":\"x\",\"message\":\"also abcd1234 and 99\"}]}")));
    ToolRegistry tools = tools(clerk, new SecretInterceptor(folder(), reveal));
    String arguments =
        "{'user_id':'user_1','password':'hunter22','backup_codes':['abcd1234','99']}";
    for (ToolResult result :
        List.of(
            ToolCaller.call(tools, "clerk_user_update", arguments),
            ToolCaller.call(
                tools,
                "clerk_tools_write",
                "{'name':'clerk_user_update','arguments':%s}".formatted(arguments)))) {
      assertThat(result.json())
          .contains("No: ... of user_1", "\"param\":\"...\"", "also ... and 99")
          .doesNotContain("hunter22");
    }
  }

  /** A part of a secret is masked from 12 characters on; a shorter one may be an ordinary word. */
  @ParameterizedTest
  @CsvSource({"AbCdEfGhIjKl, true", "AbCdEfGhIjK, false"})
  void errorMasksPartsOfSecretsFrom12Characters(String piece, boolean masked) {
    String cutOff = "Bad key " + piece; // a long message ends within the secret
    String line = "Bad line " + piece + " in it";
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                new Answer(
                    422,
                    "{\"errors\":[{\"code\":\"x\",\"message\":\"%s\"},{\"code\":\"y\",\"message\":\"%s\"}]}"
                        .formatted(cutOff, line)));
    ToolRegistry tools = tools(clerk, new SecretInterceptor(folder(), false));
    String create = "{'name':'a','claims':{},'signing_key':'%s'}";
    String oneLine =
        ToolCaller.call(
                tools, "clerk_jwt_template_create", create.formatted(piece + "x".repeat(40)))
            .json();
    assertThat(oneLine.contains(cutOff)).isEqualTo(!masked);
    String lines =
        ToolCaller.call(tools, "clerk_jwt_template_create", create.formatted(piece + "\\nx"))
            .json();
    assertThat(lines.contains(line)).isEqualTo(!masked);
  }

  @Test
  void errorMasksPartsOfLongSecrets() {
    String key = "-----BEGIN-----\\n%s\\n%s\\n".formatted("AbCd1234".repeat(8), "x".repeat(900));
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                new Answer(
                    422,
                    "{\"errors\":[{\"code\":\"x\",\"message\":\"Bad line %s or %s\"}]}"
                        .formatted("AbCd1234".repeat(8), "x".repeat(900))));
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), false)),
            "clerk_jwt_template_create",
            "{'name':'a','claims':{},'signing_key':'%s'}".formatted(key));
    assertThat(result.json()).contains("Bad line ...").doesNotContain("AbCd").doesNotContain("xxx");
  }

  @Test
  void partialResultMasksCredentials() {
    FakeClerk clerk =
        FakeClerk.answering(
            request ->
                request.contains("/metadata")
                    ? Answer.error(500, "x")
                    : new Answer(200, "{\"id\":\"user_1\",\"token\":\"%s\"}".formatted(SECRET)));
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), false)),
            "clerk_user_update",
            "{'user_id':'user_1','first_name':'Ada','public_metadata':{'a':1}}");
    assertThat(result.isError()).isTrue();
    assertThat(result.json()).contains("\"done\":{", "user_1").doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_machine_create     | {'name':'bot'}",
        "clerk_machine_secret_get | {'machine_id':'mch_1'}",
      })
  void callIsNotSentIfItsCredentialCannotBeStored(String tool, String arguments) throws Exception {
    FakeClerk clerk = FakeClerk.answering(MACHINE);
    SecretStore unfit = new SecretStore(Files.createFile(temp.resolve("file")).resolve("x"));
    ToolRegistry tools = tools(clerk, new SecretInterceptor(unfit, false));
    ToolResult result = ToolCaller.call(tools, tool, arguments);
    assertThat(clerk.requests()).isEmpty();
    assertThat(result.isError()).isTrue();
    assertThat(result.json())
        .contains("secrets_folder_unwritable", temp.toString(), "CLERK_MCP_SECRETS_DIR");
  }

  /** The folder may become unfit while Clerk answers. */
  @Test
  void credentialThatCannotBeStoredIsReported() throws Exception {
    Path secrets = temp.resolve("secrets");
    FakeClerk clerk =
        FakeClerk.answering(
            request -> {
              try {
                Files.delete(secrets);
                Files.createFile(secrets);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return new Answer(200, "{\"secret\":\"%s\"}".formatted(SECRET));
            });
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(new SecretStore(secrets), false)),
            "clerk_machine_secret_get",
            "{'machine_id':'mch_1'}");
    assertThat(result.json()).doesNotContain(SECRET);
    assertThat(result.notes().get(0))
        .startsWith("The secret of mch_1 could not be stored")
        .contains(temp.toString(), "CLERK_MCP_SECRETS_DIR", "call again");
  }

  @Test
  void plannedChangeStoresNothing() throws Exception {
    FakeClerk clerk = FakeClerk.answering(MACHINE);
    SecretInterceptor secrets = new SecretInterceptor(folder(), false);
    ToolInterceptor planning =
        chain -> Json.object().put("operations", chain.context().plan(chain::proceed).size());
    ToolRegistry tools =
        ToolCaller.tools(
            clerk,
            new Interceptors(
                List.of(), List.of(planning, secrets), List.of(secrets), List.of(secrets)));
    ToolResult result = ToolCaller.call(tools, "clerk_machine_create", "{'name':'bot'}");
    assertThat(result.json()).isEqualTo("{\"operations\":1}");
    assertThat(clerk.requests()).isEmpty();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void credentialsAreRevealedIfConfigured() throws Exception {
    FakeClerk clerk = FakeClerk.answering(MACHINE);
    ToolResult result =
        ToolCaller.call(
            tools(clerk, new SecretInterceptor(folder(), true)),
            "clerk_machine_create",
            "{'name':'bot'}");
    assertThat(result.json()).isEqualTo(MACHINE);
    assertThat(result.notes()).isEmpty();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void resultFilterMasksJsonAndNotes() {
    ToolResult result =
        new SecretInterceptor(folder(), false)
            .filter(
                new ToolResult(
                    "{\"a\":\"b sk_live_abcdefghijklmnop\"}",
                    false,
                    List.of("Open https://example.com/?ticket=abcdefghijklmnop now.")));
    assertThat(result.json()).matches("\\{\"a\":\"b sk_\\.\\.\\.[0-9a-f]{4}\"}");
    assertThat(result.notes()).containsExactly("Open https://example.com/?ticket=... now.");
  }

  static Stream<Named<Method>> toolsThatAnswerCredentials() {
    return new ClassFileImporter()
        .importPackages("dev.clerkmcp.tools").stream()
            .flatMap(type -> Stream.of(type.reflect().getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Secret.class))
            .filter(method -> method.isAnnotationPresent(Tool.class))
            .sorted(Comparator.comparing(method -> method.getAnnotation(Route.class).value()))
            .map(method -> Named.of(method.getAnnotation(Tool.class).name(), method));
  }

  /** The smallest answer with a credential at each path. */
  private static JsonNode answer(String[] paths) {
    JsonNode answer = Json.object();
    for (String path : paths) {
      answer = with(answer, path);
    }
    return answer;
  }

  private static JsonNode with(JsonNode value, String path) {
    if (path.isEmpty()) {
      return Json.object().textNode(SECRET);
    }
    if (path.startsWith("[]")) {
      JsonNode item = value.isArray() ? value.get(0) : Json.object();
      return Json.array().add(with(item, path.substring(2).replaceFirst("^\\.", "")));
    }
    int end = path.indexOf('.') < 0 ? path.length() : path.indexOf('.');
    int bracket = path.indexOf('[');
    end = bracket >= 0 && bracket < end ? bracket : end;
    String name = path.substring(0, end);
    ObjectNode object = value.isObject() ? (ObjectNode) value : Json.object();
    JsonNode inner = object.has(name) ? object.get(name) : Json.object();
    object.set(name, with(inner, path.substring(end).replaceFirst("^\\.", "")));
    return object;
  }

  private SecretStore folder() {
    return new SecretStore(temp.resolve("secrets"));
  }

  private List<Path> files() throws IOException {
    Path folder = temp.resolve("secrets");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static ToolRegistry tools(FakeClerk clerk, SecretInterceptor secrets) {
    return ToolCaller.tools(
        clerk, new Interceptors(List.of(), List.of(secrets), List.of(secrets), List.of(secrets)));
  }
}
