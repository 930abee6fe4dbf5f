package dev.clerkmcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.server.ServerLauncher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the command that tries a policy, on the sandbox. */
final class PolicyCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'allow'}                             | clerk_user_ban user_id=U | 0 | clerk_user_ban: allow, rule 1",
        "{'decision':'deny','tools':['clerk_user_get']}   | clerk_user_ban user_id=U | 0 | clerk_user_ban: allow, no rule",
        "{'name':'hands off','decision':'deny'}           | clerk_user_ban user_id=U | 1 | clerk_user_ban: deny, rule 1 (hands off)",
        "{'decision':'confirm','risks':['sign_out']}      | clerk_user_ban user_id=U | 3 | clerk_user_ban: confirm, rule 1",
        "{'decision':'proceed','risks':['sign_out']}      | clerk_user_ban user_id=U | 0 | clerk_user_ban: proceed, rule 1",
        "{'name':'bans','decision':'proceed','risks':['sign_out','money']},{'decision':'allow'} | clerk_user_ban user_id=U | 0 | clerk_user_ban: allow, rule 2; no question about sign_out, rule 1 (bans)",
        "{'decision':'proceed','risks':['identity']},{'decision':'proceed','risks':['credential']} | clerk_user_update user_id=U username=ada_l password=long_enough_77 | 0 | clerk_user_update: proceed, rule 1; no question about credential, rule 2",
        "{'decision':'proceed','risks':['sign_out']},{'decision':'confirm'} | clerk_user_ban user_id=U | 3 | clerk_user_ban: confirm, rule 2",
        "{'decision':'deny','effects':['read']}           | clerk_user_get user_id=U | 1 | clerk_user_get: deny, rule 1",
        "{'decision':'confirm','effects':['read']}        | clerk_user_get user_id=U | 1 | clerk_user_get: deny, rule 1",
      })
  void decisionAndRuleArePrinted(String rules, String call, int code, String first)
      throws IOException {
    Said said = test(rules, call.split(" ", -1));
    assertThat(said.out().lines().findFirst()).as(said.err()).contains(first);
    assertThat(said.code()).isEqualTo(code);
  }

  @Test
  void eachRequestAndPersonIsPrinted() throws IOException {
    Said said =
        test(
            "{'decision':'deny','email_domains':['acme.example']}",
            "clerk_invitation_create_bulk",
            "invitations={\"email_address\":\"a@acme.example\"}",
            "invitations={\"email_address\":\"b@other.example\"}");
    assertThat(said)
        .isEqualTo(
            new Said(
                1,
                """
                clerk_invitation_create_bulk: deny, rule 1
                  POST /invitations/bulk (create): deny, rule 1
                    a@acme.example: deny, rule 1
                    b@other.example: allow, no rule
                """,
                ""));
  }

  /** The rules look at all addresses of a user, and at those that the user is given. */
  @ParameterizedTest
  @CsvSource({
    "clerk_email_address_create, POST /email_addresses",
    "clerk_user_change_email, POST /email_addresses"
  })
  void newAddressIsPrinted(String tool, String request) throws IOException {
    Said said =
        test(
            "{'decision':'deny','email_domains':['acme.example']}",
            tool,
            "user_id=U",
            "email_address=new@acme.example",
            "verified=true");
    assertThat(said.out().lines())
        .as(said.err())
        .anyMatch(line -> line.startsWith("  " + request))
        .anyMatch(line -> line.matches("    user user_\\w+.*, new@acme.example: deny, rule 1"));
    assertThat(said.code()).isEqualTo(1);
  }

  @Test
  void composedToolShowsItsRequests() throws IOException {
    Said said =
        test(
            "{'decision':'deny','tools':['clerk_org_domain_create']}",
            "clerk_org_onboard",
            "name=Acme",
            "admin=a@new.example",
            "domain=acme.example");
    assertThat(said.out())
        .startsWith("clerk_org_onboard: deny, rule 1\n")
        .contains("POST /organizations (create): allow, no rule\n")
        .contains("/domains (create; federation): deny, rule 1\n");
    assertThat(said.code()).isEqualTo(1);
  }

  @Test
  void jsonIsPrintedOnRequest() throws IOException {
    Said said = test("{'decision':'deny'}", "clerk_user_ban", "user_id=U", "--json");
    assertThat(said.out())
        .contains("\"tool\":\"clerk_user_ban\",\"decision\":\"deny\",\"by\":\"rule 1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'decision':'deny'} | clerk_user_bann                  | clerk_user_bann",
        "{'decision':'deny'} | clerk_user_ban user              | is not of the form NAME=VALUE",
        "{'decision':'deni'} | clerk_user_ban user_id=U         | unknown decision deni",
        "{'decision':'deny'} | clerk_user_ban user_id=nobody_77 | nobody_77",
        "{'decision':'allow'} | clerk_billing_discount_apply | is required"
      })
  void mistakeIsBadUsage(String rules, String call, String message) throws IOException {
    Said said = test(rules, call.split(" ", -1));
    assertThat(said.err()).contains(message);
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
  }

  /** The variable may be unset, or name another file. */
  @Test
  void messageAboutTheFileNamesTheArgument() throws IOException {
    Said mistake = test("{'decision':'deni'}", "clerk_user_ban", "user_id=U");
    Path missing = folder.resolve("missing.json");
    Said none = run("policy", "test", missing.toString(), "clerk_user_ban", "--sandbox");
    assertThat(mistake.err()).contains("FILE is \"").doesNotContain("CLERK_MCP_POLICY");
    assertThat(none.err())
        .contains("FILE is \"%s\": this file does not exist.".formatted(missing))
        .doesNotContain("CLERK_MCP_POLICY");
  }

  @Test
  void switchedOffToolIsDenied() throws IOException {
    Said said = test("{'decision':'allow'}", "clerk_user_ban", "user_id=U", "--read-only");
    assertThat(said.out()).startsWith("deny: clerk_user_ban is switched off");
    assertThat(said.code()).isEqualTo(1);
  }

  private Said test(String rules, String... call) throws IOException {
    Path file = folder.resolve("rules.json");
    Files.writeString(file, "{\"rules\":[%s]}".formatted(rules.replace('\'', '"')));
    List<String> arguments = new ArrayList<>(List.of("policy", "test", file.toString()));
    Arrays.stream(call)
        .map(argument -> argument.equals("user_id=U") ? "user_id=" + user() : argument)
        .forEach(arguments::add);
    return run(Stream.concat(arguments.stream(), Stream.of("--sandbox")).toArray(String[]::new));
  }

  /** A user of the sandbox, which has the same ones in each run. */
  private static String user() {
    Said said = run("call", "clerk_users_list", "limit=1", "--sandbox");
    return said.out().replaceFirst("(?s).*?\"id\":\"(user_\\w+)\".*", "$1");
  }

  private static Said run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new Cli(
                new ServerLauncher(out),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                null)
            .run("1", arguments);
    return new Said(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Said(int code, String out, String err) {}
}
