package dev.clerkmcp.interceptor.confirm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.CommandLineCaller;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.SandboxClerk;
import dev.clerkmcp.TestCaller;
import dev.clerkmcp.ToolCaller;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.registry.ToolResult;
import dev.clerkmcp.registry.text.Fingerprint;
import dev.clerkmcp.sandbox.SandboxCalls;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a question shows what matters, and shows it whole. */
final class QuestionTest {
  private static final Map<String, String> LIVE =
      Map.of("CLERK_SECRET_KEY", "sk_live_notarealkey", "CLERK_MCP_ALLOW_IRREVERSIBLE", "true");

  private static final Pattern FILE =
      Pattern.compile("In full: (\\S+) \\(only you can read it\\), SHA-256 ([0-9a-f]{64})");

  private static final String USER = "{\"id\":\"user_1\",\"object\":\"user\",\"has_image\":false}";

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final byte[] PNG = png(Color.RED);

  private final SandboxClerk clerk = new SandboxClerk();
  private final SandboxCalls sandbox = clerk.sandbox();
  private final TestCaller caller = TestCaller.agreeing();
  private final TestCaller codeCaller = TestCaller.unableToAsk();
  @TempDir private Path folder;

  @Test
  void keyAmongManyIsShown() {
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    ObjectNode metadata = arguments.putObject("public_metadata");
    for (int i = 0; i < 22; i++) {
      metadata.put("filler_" + (100 + i), "x");
    }
    metadata.put("zz_role", "superadmin");
    call("clerk_user_metadata_replace", arguments, caller);
    assertThat(question())
        .contains("public_metadata.zz_role: \"superadmin\"", "public_metadata.filler_121: \"x\"")
        .doesNotContain("In full");
  }

  /** What carries a risk comes first and whole; of the rest, the file has what the text has not. */
  @Test
  void riskIsNotHiddenByLongValues() throws IOException {
    String user = sandbox.createUser("ada@example.com");
    ObjectNode arguments = Json.object().put("user_id", user);
    ObjectNode metadata = arguments.putObject("public_metadata");
    String filler = "x".repeat(150);
    for (int i = 0; i < 30; i++) {
      metadata.put("filler_" + (100 + i), filler);
    }
    String role = "reader and " + "y".repeat(600) + " owner";
    metadata.put("zz", "z".repeat(1_000)).put("role", role);
    AtomicReference<String> file = new AtomicReference<>("");
    TestCaller reader =
        TestCaller.reading(
            asked -> {
              file.set(read(asked));
              return Caller.Answer.ACCEPTED;
            });
    call("clerk_user_metadata_replace", arguments, reader);
    String question = reader.questions().get(0);
    assertThat(question)
        .contains("public_metadata.role: \"%s\"".formatted(role))
        .contains("public_metadata.filler_119", "and 11 more fields; SHA-256 of all ")
        .doesNotContain("public_metadata.filler_120");
    assertThat(question.indexOf("public_metadata.role"))
        .isLessThan(question.indexOf("public_metadata.filler_100"));
    assertThat(file.get()).contains("filler_129", "z".repeat(1_000), role);
    Matcher named = FILE.matcher(question);
    assertThat(named.find()).isTrue();
    assertThat(named.group(2)).isEqualTo(Fingerprint.digest(requireNonNull(file.get())));
    assertThat(Path.of(named.group(1))).as("the file after the answer").doesNotExist();
    assertThat(sandbox.ok("GET /users/" + user).at("/public_metadata/role").asText())
        .isEqualTo(role);
  }

  @Test
  void entriesThatOnlyNameAPersonAddNoLine() {
    ObjectNode arguments = Json.object();
    for (int i = 0; i < 12; i++) {
      arguments.withArray("emails").add("guest" + i + "@example.com");
    }
    call("clerk_invitations_send_bulk", arguments, caller);
    assertThat(question()).contains("guest11@example.com").doesNotContain("{}");
  }

  @Test
  void idOfAContactIsShownWithTheAddress() {
    String user = sandbox.createUser("ada@example.com");
    String other =
        sandbox
            .ok(
                "POST /email_addresses",
                "{'user_id':'%s','email_address':'evil@evil.example','verified':true}"
                    .formatted(user))
            .path("id")
            .asText();
    ObjectNode arguments = Json.object().put("user_id", user);
    call("clerk_user_update", arguments.put("primary_email_address_id", other), caller);
    assertThat(question())
        .containsPattern(
            "primary_email_address_id: from \"ada@example\\.com \\(idn_\\w+\\)\" to"
                + " \"evil@evil\\.example \\(idn_\\w+\\)\"");
  }

  @Test
  void listIsShownAsDifference() {
    String id =
        sandbox
            .ok(
                "POST /oauth_applications",
                "{'name':'App','redirect_uris':['https://a.example/cb','https://b.example/cb']}")
            .path("id")
            .asText();
    String third = "https://good.example/" + "p".repeat(120) + "@evil.example/cb";
    ObjectNode arguments = Json.object().put("oauth_application_id", id);
    arguments
        .putArray("redirect_uris")
        .add("https://a.example/cb")
        .add("https://c.example/cb")
        .add(third);
    call("clerk_oauth_application_update", arguments, caller);
    assertThat(question())
        .contains(
            "redirect_uris: added \"https://c.example/cb\", \"%s\"; removed \"https://b.example/cb\"; 1 kept"
                .formatted(third));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_redirect_url_create      | {'url':'LONG'}",
        "clerk_oauth_application_create | {'name':'App','redirect_uris':['https://a.example','LONG']}",
        "clerk_jwt_template_create      | {'name':'app','claims':{'aud':['a'],'iss':'LONG'}}",
        "clerk_allowlist_create         | {'identifier':'LONG'}",
        "clerk_invitations_send_bulk    | {'redirect_url':'LONG','emails':[EMAILS]}",
        "clerk_domain_create            | {'name':'a.example','is_satellite':true,'proxy_url':'LONG'}",
      })
  void longValueWithRiskIsShownWhole(String tool, String arguments) {
    String value = "https://good.example/" + "p".repeat(600) + "@evil.example/cb";
    List<String> people = IntStream.range(0, 11).mapToObj("'p%s@example.com'"::formatted).toList();
    String given = arguments.replace("LONG", value).replace("EMAILS", String.join(",", people));
    call(tool, (ObjectNode) ToolCaller.arguments(given), caller);
    assertThat(question()).contains(value);
  }

  @Test
  void everyPersonIsNamed() {
    List<String> people = new ArrayList<>();
    ObjectNode arguments = Json.object();
    for (int i = 0; i < 50; i++) {
      String address = "p" + (100 + i) + "@example.com";
      people.add(address);
      arguments.withArray("user_ids").add(sandbox.createUser(address));
    }
    call("clerk_user_ban_bulk", arguments, caller);
    assertThat(question()).contains(people).doesNotContain("unverified", "In full");
    JsonNode plan = call("clerk_user_unban_bulk", arguments, codeCaller).path("plan");
    assertThat(plan.at("/requests/0/people")).hasSize(50);
  }

  /** An inviter is not one of the invited. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_invitation_create | {'organization_id':'ORG','email_address':'x@x.example','role':'org:admin','inviter_user_id':'ADA'} | with x@x.example, invited by user ada@example.com (ADA)",
        "clerk_org_invitation_create_bulk | {'organization_id':'ORG','invitations':[{'email_address':'x@x.example','role':'org:admin','inviter_user_id':'ADA'}]} | with x@x.example, invited by user ada@example.com (ADA)",
        "clerk_api_key_create | {'subject':'ORG','name':'Key','created_by':'ADA'} | created by user ada@example.com (ADA)",
        "clerk_actor_token_create | {'user_id':'BOSS','actor':{'sub':'ADA'}} | for user boss@example.com (BOSS), impersonated by user ada@example.com (ADA)",
      })
  void actorIsToldFromThePeopleConcerned(String tool, String arguments, String line) {
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("ADA", ada());
    ids.put("ORG", organization());
    ids.put("BOSS", sandbox.ok("GET /users?email_address=boss@example.com").at("/0/id").asText());
    String given = arguments;
    String expected = line;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      given = given.replace(id.getKey(), id.getValue());
      expected = expected.replace(id.getKey(), id.getValue());
    }
    JsonNode answer = call(tool, (ObjectNode) ToolCaller.arguments(given), caller);
    assertThat(caller.questions()).as(answer.toString()).hasSize(1);
    assertThat(question()).contains(expected);
  }

  /** The model may change a name without a question, so that more than the name is shown. */
  @Test
  void newNameDoesNotHideAnOrganization() {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    String id = organization();
    ObjectNode member =
        Json.object().put("organization_id", id).put("user_id", ada()).put("role", "org:admin");
    call(tools, "clerk_org_membership_create", member.deepCopy().put("dry_run", true), caller);
    call(
        tools,
        "clerk_organization_update",
        Json.object().put("organization_id", id).put("name", "Test Org (delete me)"),
        caller);
    assertThat(caller.questions()).isEmpty();
    call(tools, "clerk_org_membership_create", member, caller);
    assertThat(question())
        .contains("organization \"Test Org (delete me)\", slug acme, 1 member (%s)".formatted(id))
        .contains(
            "\"Test Org (delete me)\" %s was renamed less than a minute ago; before: \"Acme\"."
                .formatted(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_invitation_create | {'email_address':'dorian@еxample.com','redirect_url':'https://a.example'} | \"dorian@еxample.com\" (not ASCII: dorian@xn--xample-2of.com)",
        "clerk_invitation_create | {'email_address':'dоrian@example.com','redirect_url':'https://a.example'} | \"dоrian@example.com\" (not ASCII: d\\u043erian@example.com)",
        "clerk_redirect_url_create | {'url':'https://еxample.com/callback'} | (not ASCII: https://xn--xample-2of.com)",
        "clerk_allowlist_create | {'identifier':'*@еxample.com'} | (not ASCII: *@xn--xample-2of.com)",
        "clerk_oauth_application_create | {'name':'A','redirect_uris':['https://a.example','https://a.еxample.com:8080']} | (not ASCII: https://a.xn--xample-2of.com:8080)",
        "clerk_org_domain_create | {'organization_id':'ORG','name':'еxample.com'} | \"еxample.com\" (not ASCII: xn--xample-2of.com)",
      })
  void letterThatLooksLikeAnotherIsTold(String tool, String arguments, String told) {
    String given = arguments.replace("ORG", organization());
    call(tool, (ObjectNode) ToolCaller.arguments(given), caller);
    assertThat(question()).contains(told);
  }

  @Test
  void unverifiedAddressIsMarked() {
    String user = sandbox.createUser("ada@example.com");
    JsonNode address = sandbox.ok("GET /users/" + user).at("/email_addresses/0");
    sandbox.ok("PATCH /email_addresses/" + address.path("id").asText(), "{'verified':false}");
    call("clerk_user_ban", Json.object().put("user_id", user), caller);
    assertThat(question()).contains("ada@example.com (unverified)");
  }

  /** With a code, a person can read in a file what the plan hides from the model. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_metadata_update | {'user_id':'ADA','private_metadata':{'role':'superadmin'}} | show | private_metadata.role: \"superadmin\"",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'x@x.example','redirect_url':'https://x.example'}]} | mask | x@x.example",
        "clerk_user_ban | {'user_id':'ADA'} | mask | user ada@example.com",
      })
  void fileHasWhatThePlanHides(String tool, String arguments, String pii, String hidden)
      throws IOException {
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.put("CLERK_MCP_PII", pii);
    ObjectNode given = (ObjectNode) ToolCaller.arguments(arguments.replace("ADA", ada()));
    ToolRegistry tools = clerk.tools(folder, settings);
    JsonNode answer = call(tools, tool, given, codeCaller);
    assertThat(answer.toString()).doesNotContain(hidden).contains("the file in_full");
    Path file = Path.of(answer.at("/in_full/file").asText());
    assertThat(Files.readString(file)).contains(hidden);
    assertThat(answer.path("in_full").has("sha256")).isFalse();
    given.put("confirmation", answer.path("confirmation").asText());
    assertThat(call(tools, tool, given, codeCaller).has("error")).isFalse();
    assertThat(file).doesNotExist();
  }

  /** What the model leaves to Clerk is told where Clerk takes the dangerous value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_domain_create | {'organization_id':'ORG','name':'acme.example'} | - name: \"acme.example\"",
        "clerk_org_domain_create | {'organization_id':'ORG','name':'acme.example'} | - verified: true, by Clerk's default",
        "clerk_org_domain_create | {'organization_id':'ORG','name':'acme.example','verified':false} | - verified: false",
        "clerk_user_email_address_replace | {'user_id':'ADA','email_address':'x@x.example'} | - identification_status: verified, by Clerk's default",
        "clerk_user_phone_number_replace | {'user_id':'ADA','phone_number':'+15555550100'} | - identification_status: verified, by Clerk's default",
        "clerk_user_create | {'email_address':['x@x.example'],'password':'Sup3rS3cret!x'} | - email_address_identification_status: verified, by Clerk's default",
        "clerk_sign_in_token_create | {'user_id':'ADA'} | - expires_in_seconds: 2592000 (30 days), by Clerk's default",
        "clerk_api_key_create | {'subject':'ADA','name':'Key'} | - seconds_until_expiration: none, so it never expires, by Clerk's default",
        "clerk_oauth_application_create | {'name':'A','redirect_uris':['https://a.example']} | - pkce_required: false, by Clerk's default",
      })
  void dangerousDefaultIsTold(String tool, String arguments, String line) {
    String given = arguments.replace("ORG", organization()).replace("ADA", ada());
    JsonNode answer = call(tool, (ObjectNode) ToolCaller.arguments(given), caller);
    assertThat(caller.questions()).as(answer.toString()).hasSize(1);
    assertThat(question()).contains("\n" + line + "\n");
    JsonNode plan = call(tool, (ObjectNode) ToolCaller.arguments(given), codeCaller).path("plan");
    assertThat(plan.at("/requests/0/defaults").isMissingNode())
        .isEqualTo(given.contains("'verified':false"));
  }

  @Test
  void privateMetadataIsShownOnlyToThePerson() {
    String user = sandbox.createUser("ada@example.com");
    sandbox.ok(
        "PATCH /users/%s/metadata".formatted(user), "{'private_metadata':{'is_admin':'before'}}");
    ObjectNode arguments = Json.object().put("user_id", user);
    arguments.putObject("private_metadata").put("is_admin", "after");
    call("clerk_user_metadata_update", arguments, caller);
    assertThat(question())
        .contains("private_metadata.is_admin: from \"before\" to \"after\"")
        .doesNotContain("include_private");
    arguments.putObject("private_metadata").put("is_admin", "last");
    JsonNode plan = call("clerk_user_metadata_update", arguments, codeCaller).path("plan");
    String sent = "{\"is_admin\":\"last\"}";
    assertThat(plan.at("/requests/0/changes").toString())
        .isEqualTo(
            "[{\"field\":\"private_metadata\",\"length\":%s,\"sha256\":\"%s\"}]"
                .formatted(sent.length(), Fingerprint.digest(sent)));
    assertThat(plan.at("/requests/0/body/private_metadata").asText())
        .isEqualTo("%s characters, SHA-256 %s".formatted(sent.length(), Fingerprint.digest(sent)));
    assertThat(plan.toString()).doesNotContain("is_admin", "last", "after");
  }

  @Test
  void credentialIsNamedAndNotShown() {
    String user = sandbox.createUser("ada@example.com");
    sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(user));
    ObjectNode arguments =
        Json.object()
            .put("user_id", user)
            .put("bypass_client_trust", true)
            .put("password", "Sup3rS3cretPassw0rd!")
            .put("skip_password_checks", true)
            .put("sign_out_of_other_sessions", true)
            .put("first_name", "Ada");
    call("clerk_user_update", arguments, caller);
    String question = question();
    assertThat(question)
        .containsSubsequence(
            "- password: a new password",
            "- skip_password_checks: true",
            "- bypass_client_trust: from false to true",
            "- sign_out_of_other_sessions: true",
            "- 1 active session ends",
            "- first_name: \"Ada\"")
        .doesNotContain("Sup3r");
  }

  /** In a call of several requests, each says what it does. */
  @Test
  void everyActIsNamed() {
    sandbox.createUser("boss@example.com");
    ObjectNode arguments =
        Json.object()
            .put("name", "Fjord")
            .put("admin", "boss@example.com")
            .put("domain", "fjord.example");
    arguments.withArray("members").addObject().put("email_address", "ada@example.com");
    arguments.withArray("members").addObject().put("email_address", "bob@example.com");
    call("clerk_org_onboard", arguments, caller);
    assertThat(question())
        .contains(
            "Invite to organization: the new organization with ada@example.com",
            "Add organization domain: the new organization\n- name: \"fjord.example\"",
            "Invite to organization, 2 times\n- role: \"org:member\" (2 times)");
  }

  @Test
  void roleOfEachInvitationIsShown() {
    ObjectNode arguments = Json.object().put("organization_id", organization());
    for (int i = 0; i < 9; i++) {
      arguments
          .withArray("invitations")
          .addObject()
          .put("email_address", "p%s@example.com".formatted(i))
          .put("role", i % 3 == 0 ? "org:admin" : "org:member");
    }
    call("clerk_org_invitation_create_bulk", arguments, caller);
    assertThat(question())
        .contains(
            "invitations.role: \"org:admin\" (3 times: p0@example.com, p3@example.com,"
                + " p6@example.com)");
  }

  /** Two calls that exchange the values of two entries are two questions. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_invitations_send_bulk | {'emails':['p0@x.example','p1@x.example'],'overrides':[{'email_address':'WHO',VALUE}]} | 'public_metadata':{'role':'admin'}",
        "clerk_invitations_send_bulk | {'emails':['p0@x.example','p1@x.example'],'redirect_url':'https://a.example','overrides':[{'email_address':'WHO',VALUE}]} | 'public_metadata':{'plan':'pro'}",
        "clerk_org_invitations_send_bulk | {'organization_id':'ORG','emails':['p0@x.example','p1@x.example'],'role':'org:member','overrides':[{'email_address':'WHO',VALUE}]} | 'role':'org:admin'",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'p0@x.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'public_metadata':{'role':'admin'}",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'p0@x.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'redirect_url':'https://b.example'",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'p0@x.example','redirect_url':'https://a.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'notify':false",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'p0@x.example','redirect_url':'https://a.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'public_metadata':{'note':'p1@x.example'}",
        "clerk_org_invitation_create_bulk | {'organization_id':'ORG','invitations':[{'email_address':'p0@x.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'role':'org:admin' ~ 'role':'org:member'",
        "clerk_org_invitation_create_bulk | {'organization_id':'ORG','invitations':[{'email_address':'p0@x.example','role':'org:admin'FIRST},{'email_address':'p1@x.example','role':'org:admin'SECOND}]} | 'inviter_user_id':'BOSS'",
        "clerk_org_invitation_create_bulk | {'organization_id':'ORG','invitations':[{'email_address':'p0@x.example','role':'org:admin'FIRST},{'email_address':'p1@x.example','role':'org:member'SECOND}]} | 'public_metadata':{'plan':'pro'}",
        "clerk_waitlist_entry_create_bulk | {'entries':[PEOPLE{'email_address':'p0@x.example'FIRST},{'email_address':'p1@x.example'SECOND}]} | 'notify':false",
        "clerk_directory_create | {'name':'D','provider':'okta','enterprise_connection_id':'entc_1','group_role_mappings':[{'directory_group_id':'g0'FIRST},{'directory_group_id':'g1'SECOND}]} | 'role_id':'LEAD' ~ 'role_id':'STAFF'",
        "clerk_tools_write | {'calls':[{'name':'clerk_user_update','arguments':{'user_id':'ADA','username':'x1'FIRST}},{'name':'clerk_user_update','arguments':{'user_id':'BOSS','username':'x2'SECOND}}]} | 'first_name':'Eve'",
      })
  void exchangedValuesMakeAnotherQuestion(String tool, String arguments, String value) {
    String boss = sandbox.createUser("eve@example.com");
    String people =
        IntStream.range(2, 12)
            .mapToObj("{'email_address':'p%s@x.example'},"::formatted)
            .collect(Collectors.joining());
    String given =
        arguments.replace("PEOPLE", people).replace("ORG", organization()).replace("ADA", ada());
    List<String> values =
        List.of(
            value
                .replace("BOSS", boss)
                .replace("LEAD", role("org:lead"))
                .replace("STAFF", role("org:staff"))
                .split(" ~ "));
    String other = values.size() == 1 ? "" : "," + values.get(1);
    Set<String> questions = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      String call =
          given
              .replace("WHO", "p%s@x.example".formatted(i))
              .replace("VALUE", values.get(0))
              .replace(i == 0 ? "FIRST" : "SECOND", "," + values.get(0))
              .replaceAll("FIRST|SECOND", other)
              .replace("BOSS", boss);
      TestCaller asked = TestCaller.answering(() -> Caller.Answer.DECLINED);
      JsonNode answer = call(tool, (ObjectNode) ToolCaller.arguments(call), asked);
      assertThat(asked.questions()).as(answer.toString()).hasSize(1);
      questions.add(asked.questions().get(0));
    }
    assertThat(questions).hasSize(2);
  }

  private String role(String key) {
    return created("POST /organization_roles", "{'name':'A role','key':'%s'}".formatted(key));
  }

  /** The ID of an object says nothing to a person. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_org_role_permission_add | {'organization_role_id':'MEMBER','permission_id':'PERM'} | permission_id: \"org:team:manage (PERM)\"",
        "clerk_org_role_create | {'name':'R','key':'org:r','permissions':['PERM']} | permissions: \"org:team:manage (PERM)\"",
        "clerk_org_role_update | {'organization_role_id':'MEMBER','permissions':['PERM']} | \"org:team:manage (PERM)\"",
        "clerk_directory_role_mapping_create | {'directory_id':'DIR','directory_group_id':'g','role_id':'ADMIN'} | role_id: \"org:lead (ADMIN)\"",
        "clerk_directory_role_mapping_replace | {'directory_id':'DIR','mappings':[{'directory_group_id':'g','role_id':'ADMIN'}]} | org:lead (ADMIN)",
        "clerk_machine_create | {'name':'M','scoped_machines':['MCH']} | scoped_machines: \"'Payments API' (MCH)\"",
        "clerk_machine_scope_create | {'machine_id':'OTHER','to_machine_id':'MCH'} | to_machine_id: \"'Payments API' (MCH)\"",
        "clerk_machine_scope_delete | {'machine_id':'OTHER','other_machine_id':'MCH'} | other_machine_id: \"'Payments API' (MCH)\"",
        "clerk_directory_create | {'name':'D','provider':'okta','enterprise_connection_id':'CONN'} | enterprise_connection_id: \"'Okta of Acme' (CONN)\"",
        "clerk_instance_org_settings_update | {'creator_role_id':'ADMIN'} | \"org:lead (ADMIN)\"",
      })
  void idIsShownWithTheName(String tool, String arguments, String line) {
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put(
        "PERM",
        created(
            "POST /organization_permissions", "{'name':'Manage team','key':'org:team:manage'}"));
    ids.put("MEMBER", role("org:staff"));
    ids.put("ADMIN", role("org:lead"));
    ids.put("MCH", created("POST /machines", "{'name':'Payments API'}"));
    ids.put(
        "OTHER",
        created(
            "POST /machines",
            "{'name':'Worker','scoped_machines':['%s']}".formatted(ids.get("MCH"))));
    ids.put(
        "CONN",
        created(
            "POST /enterprise_connections",
            "{'name':'Okta of Acme','provider':'saml_okta','domains':['acme.example']}"));
    ids.put(
        "DIR",
        created(
            "POST /directories",
            "{'name':'D','provider':'okta','enterprise_connection_id':'%s'}"
                .formatted(ids.get("CONN"))));
    String given = arguments;
    String expected = line;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      given = given.replace("'%s'".formatted(id.getKey()), "'%s'".formatted(id.getValue()));
      expected = expected.replace("(%s)".formatted(id.getKey()), "(%s)".formatted(id.getValue()));
    }
    call(tool, (ObjectNode) ToolCaller.arguments(given), caller);
    assertThat(question()).contains(expected);
  }

  /** How many people get the permission; and nothing is looked up where nobody is asked. */
  @Test
  void membersOfARoleAreCountedForTheQuestion() {
    String lead = role("org:lead");
    String permission =
        created("POST /organization_permissions", "{'name':'Manage','key':'org:team:manage'}");
    String organization = organization();
    for (int i = 0; i < 3; i++) {
      sandbox.ok(
          "POST /organizations/%s/memberships".formatted(organization),
          "{'user_id':'%s','role':'org:lead'}"
              .formatted(sandbox.createUser("p%s@example.com".formatted(i))));
    }
    ObjectNode arguments =
        Json.object().put("organization_role_id", lead).put("permission_id", permission);
    clerk.forget();
    call(
        "clerk_org_role_permission_add",
        arguments,
        new CommandLineCaller(Caller.Consent.EVERYTHING));
    assertThat(clerk.requests())
        .noneMatch(request -> request.contains("/organization_permissions"))
        .noneMatch(request -> request.contains("/organization_memberships"));
    sandbox.ok("DELETE /organization_roles/%s/permissions/%s".formatted(lead, permission));
    clerk.forget();
    call("clerk_org_role_permission_add", arguments, caller);
    assertThat(question())
        .contains("of organization role \"A role\", org:lead")
        .contains("\n3 of all 4 memberships have the role org:lead.\n");
    assertThat(clerk.requests())
        .filteredOn(request -> request.startsWith("GET /organization_permissions/"))
        .hasSize(1);
    JsonNode plan = call("clerk_org_role_permission_add", arguments, codeCaller).path("plan");
    assertThat(plan.at("/requests/0/target").asText()).contains("org:team:manage", permission);
    assertThat(plan.at("/requests/0").has("named")).as("told already").isFalse();
  }

  private String created(String request, String body) {
    return sandbox.ok(request, body).path("id").asText();
  }

  @Test
  void ofMoreThanAHundredPeopleTwentyAreNamed() {
    List<String> people = new ArrayList<>();
    ObjectNode arguments = Json.object().put("organization_id", organization());
    arguments.put("role", "org:admin");
    for (int i = 0; i < 300; i++) {
      people.add("p" + (100 + i) + "@example.com");
    }
    people.forEach(arguments.withArray("emails")::add);
    AtomicReference<String> file = new AtomicReference<>("");
    TestCaller reader =
        TestCaller.reading(
            asked -> {
              file.set(read(asked));
              return Caller.Answer.DECLINED;
            });
    call("clerk_org_invitations_send_bulk", arguments, reader);
    String question = reader.questions().get(0);
    assertThat(question)
        .contains("250 users or addresses are concerned:", "\n- p169@example.com\n")
        .contains(
            "\n- and 230 more; SHA-256 of all "
                + Fingerprint.digest(String.join("\n", people.subList(50, 300))))
        .contains("role: \"org:admin\" (250 times: p150@example.com,")
        .contains("p169@example.com, and 230 more; SHA-256 of all ")
        .doesNotContain("p170@example.com");
    assertThat(question.length()).isLessThan(6_000);
    assertThat(file.get()).contains(people);
  }

  /** In a dialog and, over a code, in the plan: the same words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_update | {'user_id':'ADA','username':'ada'} | it changes to whom an account belongs",
        "clerk_user_update | {'user_id':'ADA','username':'ada','password':'Sup3rS3cret!'} | it concerns a password, key, token or link that lets somebody in; it changes to whom an account belongs",
        "clerk_redirect_url_create | {'url':'https://x.example'} | it changes from where people or programs may come",
        "clerk_user_ban | {'user_id':'ADA'} | it signs people out",
        "clerk_user_delete | {'user_id':'ADA'} | it loses something for good",
        "clerk_organization_logo_delete | {'organization_id':'ORG'} | it takes something away",
        "clerk_user_mfa_disable | {'user_id':'ADA'} | it changes to whom an account belongs; it loses something for good",
      })
  void questionSaysWhyItIsAsked(String tool, String arguments, String why) {
    String given = arguments.replace("ORG", organization()).replace("ADA", ada());
    ObjectNode named = (ObjectNode) ToolCaller.arguments(given);
    JsonNode planned = call(tool, named, codeCaller);
    assertThat(planned.at("/plan/why_asked").asText()).isEqualTo(why);
    call(tool, named, caller);
    assertThat(question()).contains("\nWhy asked: " + why + ".\nAsked for by ");
  }

  /** A rule is named if nothing else demands the question; here it is a test key. */
  @Test
  void questionNamesTheRuleThatDemandsIt() {
    Map<String, String> policy =
        ToolCaller.policy(folder, "{'name':'care','decision':'confirm','effects':['update']}");
    ObjectNode arguments = Json.object().put("user_id", ada()).put("username", "ada");
    call(clerk.tools(folder, policy), "clerk_user_update", arguments, caller);
    assertThat(question()).contains("\nWhy asked: rule 1 (care) of the policy demands it.\n");
  }

  /** What lifts the other question must not hide the reason that is left. */
  @Test
  void liftedRiskIsNoReason() {
    Map<String, String> settings =
        new HashMap<>(ToolCaller.policy(folder, "{'decision':'proceed','risks':['identity']}"));
    settings.putAll(LIVE);
    ObjectNode arguments = Json.object().put("user_id", ada()).put("username", "ada");
    call(
        clerk.tools(folder, settings),
        "clerk_user_update",
        arguments.put("password", "Sup3rS3cret!"),
        caller);
    assertThat(question())
        .contains("Why asked: it concerns a password, key, token or link that lets somebody in.\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_machine_create | {'name':'M'} | The credential (secret_key)",
        "clerk_machine_secret_get | {'machine_id':'MACHINE'} | The credential (secret)",
        "clerk_sign_in_token_create | {'user_id':'ADA'} | The credential (token, url)",
        "clerk_api_key_create | {'name':'Key','subject':'ADA'} | The credential (secret)",
        "clerk_invitation_create | {'email_address':'x@example.com','notify':false} | The credential (url)",
        "clerk_invitation_create | {'email_address':'x@example.com','redirect_url':'https://x.example'} | ``",
        "clerk_user_update | {'user_id':'ADA','password':'Sup3rS3cret!'} | ``",
      })
  void questionSaysWhereACredentialGoes(String tool, String arguments, String credential) {
    String machine = sandbox.ok("POST /machines", "{'name':'Old'}").path("id").asText();
    String given = arguments.replace("ADA", ada()).replace("MACHINE", machine);
    ObjectNode named = (ObjectNode) ToolCaller.arguments(given);
    call(tool, named, caller);
    if (credential.isEmpty()) {
      assertThat(question()).doesNotContain("The credential");
      return;
    }
    assertThat(question())
        .contains(
            "%s goes into a new file in %s, which only you can read."
                .formatted(credential, folder.resolve("secrets")));
    Map<String, String> revealing = new HashMap<>(LIVE);
    revealing.put("CLERK_MCP_REVEAL_SECRETS", "true");
    TestCaller other = TestCaller.agreeing();
    call(clerk.tools(folder, revealing), tool, named, other);
    assertThat(other.questions().get(0))
        .contains("The answer shows " + credential.replace("The", "the") + ", to the model too.");
  }

  /** Without a message it does not say that there may be one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "clerk_user_update | {'user_id':'ADA','username':'ada'} | ``",
        "clerk_user_update | {'user_id':'ADA','username':'ada','notify_primary_email_address_changed':true} | May send emails or text messages.",
        "clerk_user_update | {'user_id':'ADA','password':'Sup3rS3cret!'} | May send emails or text messages.",
        "clerk_email_address_create | {'user_id':'ADA','email_address':'x@example.com'} | ``",
        "clerk_user_change_email | {'user_id':'ADA','email_address':'x@example.com','verified':true} | ``",
        "clerk_user_change_email | {'user_id':'ADA','email_address':'x@example.com','verified':true,'notify':true} | May send emails or text messages.",
        "clerk_invitation_create | {'email_address':'x@example.com','notify':false} | ``",
        "clerk_invitation_create_bulk | {'invitations':[{'email_address':'x@example.com','notify':false},{'email_address':'y@example.com'}]} | May send emails or text messages.",
        "clerk_allowlist_create | {'identifier':'x@example.com'} | ``",
        "clerk_allowlist_create | {'identifier':'x@example.com','notify':true} | May send emails or text messages.",
        "clerk_webhook_svix_app_create | {} | May contact another service.",
      })
  void messageIsToldWhereThePlanSendsOne(String tool, String arguments, String told) {
    ObjectNode named = (ObjectNode) ToolCaller.arguments(arguments.replace("ADA", ada()));
    call(tool, named, caller);
    if (told.isEmpty()) {
      assertThat(question()).doesNotContain("May send", "May contact");
    } else {
      assertThat(question()).contains("\n" + told + "\n");
    }
  }

  /** The ID of an organization is in code and databases; nobody knows that of a blocked address. */
  @ParameterizedTest
  @CsvSource({"POST /blocklist_identifiers,false", "POST /organizations,true"})
  void newIdIsALossOnlyWhereTheOldOneIsKnown(String creation, boolean told) {
    boolean isOrganization = creation.endsWith("organizations");
    String body =
        isOrganization
            ? "{'name':'Acme','created_by':'%s'}".formatted(ada())
            : "{'identifier':'x@example.com'}";
    String id = sandbox.ok(creation, body).path("id").asText();
    String tool = isOrganization ? "clerk_organization_delete" : "clerk_blocklist_delete";
    ToolRegistry tools = clerk.tools(folder, LIVE);
    ObjectNode arguments =
        Json.object().put(isOrganization ? "organization_id" : "identifier_id", id);
    ToolResult result = ToolCaller.call(tools, tool, arguments, caller);
    assertThat(result.isError()).as(result.json()).isFalse();
    assertThat(question().contains("Its ID and age")).isEqualTo(told);
    assertThat(question().contains("cannot be undone")).isEqualTo(told);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("To undo: ") == !told);
    String change =
        call(tools, "clerk_undo_plan", Json.object(), caller).at("/changes/0/change").asText();
    assertThat(
            call(tools, "clerk_undo_plan", Json.object().put("change", change), caller).toString())
        .contains(" ID and age");
  }

  /** A value that nobody reads to the end must not hide another. */
  @Test
  void longValueComesAfterShortOnes() {
    String user = sandbox.createUser("ada@example.com");
    ObjectNode arguments = Json.object().put("user_id", user);
    arguments.putObject("public_metadata").put("role", "x".repeat(7_000)).put("roles", "owner");
    call("clerk_user_metadata_update", arguments, caller);
    assertThat(question().indexOf("roles: \"owner\"")).isBetween(0, question().indexOf("xxx"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyIsAskedToReadABook(boolean canAsk) {
    String user = sandbox.createUser("ada@example.com");
    ObjectNode arguments = Json.object().put("user_id", user).put("password", "aRq7-pfw2x");
    arguments.putObject("public_metadata").put("role", "x".repeat(60_000));
    JsonNode refused = call("clerk_user_update", arguments, canAsk ? caller : codeCaller);
    assertThat(refused.at("/error/code").asText()).isEqualTo("too_long_to_confirm");
    assertThat(refused.toString()).hasSizeLessThan(1_000);
    assertThat(caller.questions()).isEmpty();
    assertThat(clerk.changes()).isEmpty();
  }

  @Test
  void nameOfTheClientIsQuoted() {
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    TestCaller forged =
        TestCaller.agreeing().named("x\n\nThis is a test instance.\n" + "y".repeat(99));
    call("clerk_user_ban", arguments, forged);
    assertThat(forged.questions().get(0))
        .contains("\nAsked for by \"x This is a test instance. yyy")
        .doesNotContain("\n\n", "y".repeat(80));
  }

  /** The question warns as the dry run does, with no other lookups; and only if there is one. */
  @Test
  void questionForeseesWhatClerkRefuses() {
    String organization = organization();
    String boss =
        sandbox
            .ok("GET /organizations/%s/memberships".formatted(organization))
            .at("/data/0/public_user_data/user_id")
            .asText();
    ObjectNode arguments = Json.object().put("organization_id", organization).put("user_id", boss);
    String refusal =
        "Clerk will refuse: this is the only member of organization \"Acme\" who can manage it;"
            + " make another member an admin first.";
    clerk.forget();
    JsonNode dryRun =
        call("clerk_org_membership_delete", arguments.deepCopy().put("dry_run", true), codeCaller);
    List<String> foreseeing = clerk.requests();
    assertThat(dryRun.path("warnings").toString()).contains("the only member");

    clerk.forget();
    JsonNode planned = call("clerk_org_membership_delete", arguments, codeCaller);
    assertThat(planned.at("/plan/warnings").toString()).contains("the only member");
    assertThat(clerk.requests()).isEqualTo(foreseeing);

    call("clerk_org_membership_delete", arguments, TestCaller.agreeing());
    call("clerk_org_membership_delete", arguments, caller);
    assertThat(question()).contains("\n" + refusal + "\n");

    String lookup = "GET /organizations/%s/memberships?limit=500".formatted(organization);
    assertThat(foreseeing).anyMatch(request -> request.startsWith(lookup));
    clerk.forget();
    call(clerk.tools(folder, Map.of()), "clerk_org_membership_delete", arguments, codeCaller);
    assertThat(clerk.requests()).noneMatch(request -> request.startsWith(lookup));
    Caller agreed = new CommandLineCaller(Caller.Consent.EVERYTHING);
    clerk.forget();
    call("clerk_org_membership_delete", arguments, agreed);
    assertThat(clerk.requests()).noneMatch(request -> request.startsWith(lookup));
  }

  private String ada() {
    return sandbox.createUser("ada@example.com");
  }

  @Test
  void questionSaysWhatNoUndoRestores() {
    String user = sandbox.createUser("ada@example.com");
    sandbox.ok("POST /sessions", "{'user_id':'%s'}".formatted(user));
    call("clerk_user_ban", Json.object().put("user_id", user), caller);
    call("clerk_user_delete", Json.object().put("user_id", user), caller);
    assertThat(caller.questions().get(0)).contains("An ended session cannot be resumed");
    assertThat(caller.questions().get(1))
        .contains("This cannot be undone completely.", "Gone for good: sessions, password");
  }

  @Test
  void questionSurvivesAnUnusableFolder() throws IOException {
    Files.writeString(folder.resolve("secrets"), "a file in the place of the folder");
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    arguments.putObject("public_metadata").put("note", "x".repeat(2_000));
    call("clerk_user_metadata_replace", arguments, caller);
    assertThat(question())
        .contains("2000 characters, SHA-256 " + Fingerprint.digest("x".repeat(2_000)))
        .contains("the folder for the whole text", "set CLERK_MCP_SECRETS_DIR");
  }

  @Test
  void planNamesTheFileWithTheWholeText() throws IOException {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    arguments.putObject("public_metadata").put("note", "x".repeat(2_000) + "end");
    JsonNode answer = call(tools, "clerk_user_metadata_replace", arguments, codeCaller);
    assertThat(answer.at("/plan/requests/0/changes/0/length").asInt()).isEqualTo(2_003);
    Path file = Path.of(answer.at("/in_full/file").asText());
    assertThat(Files.readString(file)).contains("xxend");
    assertThat(answer.at("/in_full/sha256").asText())
        .isEqualTo(Fingerprint.digest(Files.readString(file)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    JsonNode again = call(tools, "clerk_user_metadata_replace", arguments, codeCaller);
    assertThat(again.at("/in_full/file").asText()).isEqualTo(file.toString());
    assertThat(questionFiles()).containsExactly(file);
    arguments.put("confirmation", again.path("confirmation").asText());
    assertThat(call(tools, "clerk_user_metadata_replace", arguments, codeCaller).has("error"))
        .isFalse();
    assertThat(questionFiles()).isEmpty();
  }

  @Test
  void unansweredQuestionsKeepTwentyFiles() throws IOException {
    ToolRegistry tools = clerk.tools(folder, LIVE);
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    List<Path> named = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      arguments.putObject("public_metadata").put("note", i + "x".repeat(2_000));
      JsonNode answer = call(tools, "clerk_user_metadata_replace", arguments, codeCaller);
      named.add(Path.of(answer.at("/in_full/file").asText()));
    }
    assertThat(questionFiles()).containsExactlyInAnyOrderElementsOf(named.subList(2, 22));
  }

  /** Files of a process that was killed, unless another process may still have the question. */
  @Test
  void oldQuestionFilesAreDeleted() throws IOException {
    Path secrets = Files.createDirectory(folder.resolve("secrets"), PRIVATE);
    Path old = secret(secrets, "question-0123456789abcdef.txt", Duration.ofMinutes(61));
    Path second = secret(secrets, "question-0123456789abcdef-2.txt", Duration.ofDays(9));
    Path open = secret(secrets, "question-1123456789abcdef.txt", Duration.ofMinutes(59));
    Path other = secret(secrets, "question-of-mine.txt", Duration.ofDays(9));
    ObjectNode arguments = Json.object().put("user_id", sandbox.createUser("ada@example.com"));
    arguments.putObject("public_metadata").put("note", "x".repeat(2_000));
    call("clerk_user_metadata_replace", arguments, caller);
    assertThat(List.of(old, second)).allSatisfy(file -> assertThat(file).doesNotExist());
    assertThat(List.of(open, other)).allSatisfy(file -> assertThat(file).exists());
  }

  private static Path secret(Path folder, String name, Duration age) throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private List<Path> questionFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      return files.toList();
    }
  }

  @Test
  void imageIsDescribedAndBound() throws IOException {
    FakeClerk uploads = user();
    ToolRegistry tools = uploadTools(uploads);
    Path image = Files.write(folder.resolve("ada.png"), PNG);
    ObjectNode arguments = Json.object().put("user_id", "user_1").put("file", image.toString());
    JsonNode first = upload(tools, arguments, codeCaller);
    assertThat(first.at("/plan/requests/0/file").toString())
        .isEqualTo(
            "{\"name\":\"ada.png\",\"bytes\":%s,\"sha256\":\"%s\"}"
                .formatted(PNG.length, Fingerprint.digest(PNG)));
    arguments.put("confirmation", first.path("confirmation").asText());
    swap(image);
    assertThat(upload(tools, arguments, codeCaller).toString()).contains("for another plan");
    assertThat(uploads.changes()).isEmpty();
    Files.write(image, PNG);
    assertThat(upload(tools, arguments, codeCaller).has("error")).isFalse();
    assertThat(uploads.changes()).hasSize(1);
  }

  @Test
  void imageThatIsSwappedDuringTheQuestionIsNotSent() throws IOException {
    FakeClerk uploads = user();
    ToolRegistry tools = uploadTools(uploads);
    Path image = Files.write(folder.resolve("ada.png"), PNG);
    ObjectNode arguments = Json.object().put("user_id", "user_1").put("file", image.toString());
    TestCaller swapping =
        TestCaller.answering(
            () -> {
              swap(image);
              return Caller.Answer.ACCEPTED;
            });
    assertThat(upload(tools, arguments, swapping).toString()).contains("not_confirmed");
    assertThat(swapping.questions().get(0))
        .contains(
            "file: \"ada.png\", %s bytes, SHA-256 %s"
                .formatted(PNG.length, Fingerprint.digest(PNG)));
    assertThat(uploads.changes()).isEmpty();
  }

  /** Between the check of the file and the request, the audit reads the user. */
  @Test
  void imageThatIsSwappedAfterTheQuestionIsNotSent() throws IOException {
    Path image = folder.resolve("ada.png");
    Path log = folder.resolve("audit.jsonl");
    AtomicInteger left = new AtomicInteger();
    FakeClerk uploads =
        FakeClerk.answering(
            request -> {
              if (left.getAndDecrement() == 0) {
                swap(image);
              }
              return new FakeClerk.Answer(200, USER);
            });
    ToolRegistry tools = uploadTools(uploads, Map.of("CLERK_MCP_AUDIT_LOG", log.toString()));
    ObjectNode arguments = Json.object().put("user_id", "user_1").put("file", image.toString());
    int sent = 0;
    for (int readsBefore = 0; readsBefore < 5; readsBefore++) {
      Files.write(image, PNG);
      left.set(readsBefore);
      TestCaller asked = TestCaller.agreeing();
      upload(tools, arguments, asked);
      for (ByteString content : uploads.uploads()) {
        String digest = Fingerprint.digest(content.toByteArray());
        assertThat(asked.questions().get(0)).as("%s reads", readsBefore).contains(digest);
        assertThat(Files.readAllLines(log).toString()).contains("\"sha256\":\"" + digest);
        sent++;
      }
      uploads.forget();
    }
    assertThat(sent).as("uploads in spite of a swap").isGreaterThan(2);
  }

  private ToolRegistry uploadTools(FakeClerk uploads) {
    return uploadTools(uploads, Map.of());
  }

  private ToolRegistry uploadTools(FakeClerk uploads, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(LIVE);
    settings.putAll(more);
    settings.put("CLERK_MCP_UPLOAD_DIR", folder.toString());
    return ToolCaller.tools(uploads.client(), folder, settings);
  }

  private static JsonNode upload(ToolRegistry tools, ObjectNode arguments, Caller caller) {
    return ToolCaller.json(ToolCaller.call(tools, "clerk_user_image_upload", arguments, caller));
  }

  private static FakeClerk user() {
    return FakeClerk.answering(USER);
  }

  private static byte[] png(Color color) {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, color.getRGB());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void swap(Path image) {
    try {
      Files.write(image, png(Color.BLUE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String organization() {
    return sandbox
        .ok(
            "POST /organizations",
            "{'name':'Acme','created_by':'%s'}".formatted(sandbox.createUser("boss@example.com")))
        .path("id")
        .asText();
  }

  private JsonNode call(String tool, ObjectNode arguments, Caller asked) {
    return call(clerk.tools(folder, LIVE), tool, arguments, asked);
  }

  private static JsonNode call(
      ToolRegistry tools, String tool, ObjectNode arguments, Caller asked) {
    return ToolCaller.json(ToolCaller.call(tools, tool, arguments, asked));
  }

  private String question() {
    assertThat(caller.questions()).hasSize(1);
    return caller.questions().get(0);
  }

  /** The content of the file that a question names. */
  private static String read(String question) {
    Matcher named = FILE.matcher(question);
    assertThat(named.find()).as(question).isTrue();
    try {
      return Files.readString(Path.of(named.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
