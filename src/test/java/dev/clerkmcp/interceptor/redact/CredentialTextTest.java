package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.CpuTime;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialTextTest {
  private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk_test_abcdefghijklmnopqrstuvwxyz",
        "sk_live_abcdefghijklmnopqrstuvwxyz",
        "ak_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "mt_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "oat_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        JWT,
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\nabc+/\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQdGBGabcdef\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
        // in two parts, so that scanners of repositories find none here
        "rk" + "_live_abcdefghijklmnopqrstuvwxyz",
        "AK" + "IAQWERTYUIOPASDFGH",
        "gh" + "p_abcdefghijklmnopqrstuvwxyz0123456789",
        "gi" + "thub_pat_11ABCDEFG0abcdefghijkl_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "xo" + "xb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
        "xa" + "pp-1-A0123456789-1234567890123-abcdefghijklmnopqrstuvwxyz0123456789",
        "AI" + "zaSyAabcdefghijklmnopqrstuvwxyz012345",
        "GO" + "CSPX-abcdefghijklmnopqrstuvwxyz01",
        "ya" + "29.a0AfH6SMabcdefghijklmnopqrstuvwxyz0123456789",
        "1//0abcdefghijklmnopqrstuvwxyz0123456789-abcdefghij",
        "sk" + "-proj-abcdefghijklmnopqrstuvwxyz0123456789",
        "sk" + "-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL",
        "sk" + "-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789-abcdefgh",
      })
  void onlyTheCredentialIsReplaced(String credential) {
    for (String around : new String[] {"%s", "the key %s.", "a=%s&b=c", "{\"k\":\"\\n%s\"}"}) {
      String before = around.substring(0, around.indexOf('%'));
      String after = around.substring(around.indexOf('s', around.indexOf('%')) + 1);
      assertThat(CredentialText.masked(around.formatted(credential)))
          .startsWith(before)
          .endsWith(after)
          .contains("...")
          .doesNotContain(credential.substring(credential.length() - 12, credential.length() - 6));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://clerk.example.com/v1/tickets/accept?ticket=%s&x=1",
        "https://example.com/sign-in?a=b&__clerk_ticket=%s&x=1",
        "https://example.com/next?url=%%2Faccept%%3Fticket%%3D%s&x=1",
        "https://example.com/?rotating_token=%s&x=1",
        "https://example.com/?__clerk_handshake=%s&x=1",
        "https://example.com/?__clerk_db_jwt=%s&x=1",
        "https://example.com/?__clerk_testing_token=%s&x=1",
        "https://app.svix.com/login#key=%s&x=1",
      })
  void onlyTheTicketInUrlIsReplaced(String url) {
    assertThat(CredentialText.masked(url.formatted("SECRET_ticket_1234567890")))
        .matches(Pattern.quote(url.formatted("@")).replace("@", "\\E\\.\\.\\.[0-9a-f]{4}\\Q"));
    assertThat(CredentialText.masked(url.formatted("SECRET"))).isEqualTo(url.formatted("..."));
  }

  /** Of such a text only the part that is a credential is replaced, here between the brackets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://app:<Tr0ub4dor&3>@db.example.com:5432/app",
        "mongodb+srv://app:<p@ss!word>@cluster.example.net,other.example.net/app?retryWrites=true",
        "redis://:<Tr0ub4dor>@cache.example.com:6379",
        "https://ada:<ghijklmn-abcdefgh-ijklmnop>@git.example.com/app.git?x=a@b",
        "Server=db.example.com;Database=app;User Id=sa;Password=<Tr0ub4dor>;Encrypt=true",
        "host=db.example.com user=app password=<Tr0ub4dor> dbname=app",
        "Server=db.example.com;Uid=sa;Pwd=<Tr0ub4dor>;",
        "DB_PASSWORD=<Tr0ub4dor>",
        "AccountName=app;AccountKey=<abcdefghijklmnopqrstuvwxyz==>;EndpointSuffix=core.example.net",
        "AWS_SECRET_ACCESS_KEY=<wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY>",
        "{\"aws\":{\"secretAccessKey\": \"<wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY>\"}}",
        "https://hooks.slack.com/services/<T00000000/B00000000/abcdefghijklmnopqrstuvwx>",
        "a key that was cut off: <-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA>",
      })
  void onlyTheSecretPartIsReplaced(String marked) {
    String secret = marked.substring(marked.indexOf('<') + 1, marked.indexOf('>'));
    String masked = CredentialText.masked(marked.replace("<", "").replace(">", ""));
    assertThat(masked)
        .matches(
            Pattern.quote(marked).replace("<" + secret + ">", "\\E\\.\\.\\.([0-9a-f]{4})?\\Q"));
    assertThat(CredentialText.masked(masked)).as("masked twice").isEqualTo(masked);
  }

  @Test
  void replacingTwiceEqualsReplacingOnce() {
    String masked =
        CredentialText.masked(
            "?ticket=" + JWT + " sk_test_abcdefghijklmnopqrstuvwxyz ?ticket=abcdef");
    assertThat(CredentialText.masked(masked)).isEqualTo(masked);
  }

  @Test
  void tokenIsFoundAfterSimilarText() {
    for (String before :
        new String[] {"eyJ", "eyJabcdef ", "eyJabcdef.", "eyJabcdef.x.", "eyJeyJ."}) {
      assertThat(CredentialText.masked(before + JWT)).doesNotContain("c2lnbmF0dXJl");
    }
    assertThat(CredentialText.masked("-----BEGIN PRIVATE KEY-----\nabc " + JWT))
        .startsWith("-----BEGIN PRIVATE KEY-----\nabc ...")
        .doesNotContain("c2lnbmF0dXJl");
  }

  @Test
  void keyIsFoundAfterUnfinishedKeys() {
    String key =
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4\n\nMIIE-ow\n-----END EC PRIVATE KEY-----";
    assertThat(CredentialText.masked("-----BEGIN PRIVATE KEY-----\n-- " + key + "!"))
        .startsWith("-----BEGIN PRIVATE KEY-----\n-- ...")
        .endsWith("!")
        .doesNotContain("MIIE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJ",
        "eyJaaaaaa.",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "ak_",
        "ticket=",
        "sk_test_",
        "://",
        "://a:",
        "://a:b",
        "://a:@",
        "@",
        "password=",
        "Password = ;Pwd=",
        "secret_access_key",
        "secret_access_key: ",
        "ghp_",
        "github_pat_",
        "xoxb-",
        "AIza",
        "ya29.",
        "1//0",
        "sk-",
        "sk-ant-",
        "hooks.slack.com/services/",
      })
  void longTextsTakeLittleTime(String part) {
    String text = part.repeat(1_000_000 / part.length());
    CpuTime.assertWithin(Duration.ofSeconds(10), () -> CredentialText.masked(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A person must set CLERK_SECRET_KEY to sk_test_... or sk_live_...",
        "ak_3beecc9c60adb5f9b850e91a8ee1e992",
        "ak_2abcDEFghiJKLmnoPQRstuVWXyz",
        "mt_f7f0ba8c3b4843ce7d85fcdd5e71853e",
        "user_2abcDEFghiJKLmnoPQRstuVWXyz",
        "/secrets/20260101T000000Z-clerk_api_key_create-ak_2abcDEFghiJKLmnoPQRstuVWXyz.json",
        "https://example.com/tickets?strategy=ticket",
        "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k",
        "eyJ is how a token begins",
        "https://example.com:8080/a@b?c=d@e",
        "https://example.com:8080,ada@example.com",
        "http://user:password@host:port",
        "postgres://app:${DB_PASSWORD}@db/app, postgres://app:***@db/app, https://a:{{secret}}@b",
        "?reset_password=true&skip_password_checks=1, password=true, password = ",
        "Change your password: it expires.",
        "pwd=/home/ada",
        "task-abcdefghijklmnopqrstuvwxyz, sk-SK, sk-a-long-slug-that-somebody-chose",
        "framework_live_results, disk_usage, risk-abcdefghijklmnopqrstuvwxyz0123456789",
        "AKIA, AIza, ghost_abcdefghijklmnopqrstuvwxyz0123456789, xoxo-love",
        "108234567890123456789",
        "the secret access key is in the vault",
        "d4d6f0b1c2e34a55",
        "-----BEGIN CERTIFICATE-----\nMIIEow==\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIEow==\n-----END PUBLIC KEY-----",
      })
  void otherTextIsUnchanged(String text) {
    assertThat(CredentialText.masked(text)).isEqualTo(text);
  }

  /** What the sandbox answers has tickets, tokens and nothing else that looks like a credential. */
  @Test
  void dataWithoutCredentialsIsUnchanged() {
    SandboxCalls sandbox = SandboxCalls.seeded(1, 120);
    int texts = 0;
    for (ApiOperation operation : SandboxCalls.CONTRACT.operations()) {
      boolean lists = operation.method().equals("GET") && !operation.route().contains("{");
      if (lists && sandbox.call("GET", operation.route().substring(4)).status() == 200) {
        for (String text : texts(sandbox.ok(operation.route()))) {
          if (!text.contains("ticket=")) {
            assertThat(CredentialText.masked(text)).as(operation.route()).isEqualTo(text);
            texts++;
          }
        }
      }
    }
    assertThat(texts).isGreaterThan(3_000);
  }

  private static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isTextual()) {
      texts.add(value.textValue());
    }
    value.fieldNames().forEachRemaining(texts::add);
    value.forEach(child -> texts.addAll(texts(child)));
    return texts;
  }

  /** Otherwise a person would read a fingerprint where an example stood. */
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "src/main/resources/dev/clerkmcp/catalog.jsonl"})
  void ownTextsAreUnchanged(String file) throws IOException {
    String text = Files.readString(Path.of(file)).replaceAll("sk_(test|live)_[a-z]\\w+", "");
    assertThat(CredentialText.masked(text)).isEqualTo(text);
  }
}
