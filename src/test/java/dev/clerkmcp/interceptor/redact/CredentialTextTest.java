package dev.clerkmcp.interceptor.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.CpuTime;
import java.time.Duration;
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
        "sk_test_"
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
      })
  void otherTextIsUnchanged(String text) {
    assertThat(CredentialText.masked(text)).isEqualTo(text);
  }
}
