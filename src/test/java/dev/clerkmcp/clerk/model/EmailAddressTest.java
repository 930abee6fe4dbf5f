package dev.clerkmcp.clerk.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.CpuTime;
import dev.clerkmcp.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which texts are valid addresses, and which are equal. */
final class EmailAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        " ADA@Example.COM ",
        "\u00a0ada@example.com\t",
        "\ufeffada@example.com\u200b\n"
      })
  void spellingsOfAnAddressAreEqual(String written) {
    assertThat(EmailAddress.of(written)).isEqualTo(EmailAddress.of("ada@example.com"));
    assertThat(EmailAddress.of(written).isValid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ada",
        "a@b",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@example..com",
        "ada@example.com.",
        "ada@[example.com]",
        "ada@ex\u200bample.com",
        "Ada <ada@example.com>",
        "ada@example.com, eve@example.com",
        "x y@z.example",
        "mailto:ada@example.com",
        "*@example.com"
      })
  void otherTextsAreInvalid(String written) {
    assertThat(EmailAddress.of(written).isValid()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ada+clerk_test@example.com", "o'neill@example.co.uk", "jürgen@bücher.example"})
  void unusualAddressesAreValid(String written) {
    assertThat(EmailAddress.of(written).isValid()).isTrue();
    assertThat(EmailAddress.of(written).text()).isEqualTo(written);
  }

  @Test
  void addressHasAtMost254Characters() {
    String domain = "@example.com";
    String longest = "a".repeat(254 - domain.length()) + domain;
    assertThat(EmailAddress.of(longest).isValid()).isTrue();
    assertThat(EmailAddress.of("a" + longest).isValid()).isFalse();
  }

  @Test
  void originalCaseCanBeKept() {
    assertThat(EmailAddress.trimmed("\u200b Ada@Example.com ")).isEqualTo("Ada@Example.com");
  }

  @Test
  void partsAreSplitAtTheLastAtSign() {
    assertThat(EmailAddress.of("A@b@c.example").local()).isEqualTo("a@b");
    assertThat(EmailAddress.of("A@b@c.example").domain()).isEqualTo("c.example");
    assertThat(EmailAddress.of("ada").local()).isEqualTo("ada");
    assertThat(EmailAddress.of("ada").domain()).isEmpty();
  }

  @Test
  void addressOfObjectWithoutFieldIsEmpty() {
    assertThat(EmailAddress.in(Json.object().put("email_address", "A@b.example")).text())
        .isEqualTo("a@b.example");
    assertThat(EmailAddress.in(Json.object()).isEmpty()).isTrue();
    assertThat(EmailAddress.in(Json.object().putNull("email_address")).isEmpty()).isTrue();
  }

  /** A policy for a domain must apply to every spelling of an address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x@acme.example",
        "X@ACME.example",
        "X <x@acme.example>",
        "x@acme.example. .",
        "x@ac\u200bme.example",
        "x@acme.example\u3002",
        "x@acme\uff0eexample",
        "x@acme.example(comment)",
        "x@(comment (nested))acme.example",
        "x@[acme.example]",
        "acme.example"
      })
  void spellingsOfMailDomainAreEqual(String written) {
    assertThat(EmailAddress.of(written).mailDomain()).isEqualTo("acme.example");
  }

  @ParameterizedTest
  @CsvSource({
    "bücher.example, xn--bcher-kva.example",
    "XN--bcher-kva.example, xn--bcher-kva.example",
    "Example.COM., example.com",
    "a..b, a..b",
    "'', ''"
  })
  void domainKeyIsNormalized(String domain, String key) {
    assertThat(EmailAddress.domainKey(domain)).isEqualTo(key);
  }

  @Test
  void longTextsTakeLittleTime() {
    String blanks = " \u200B".repeat(500_000);
    CpuTime.assertWithin(
        Duration.ofSeconds(10),
        () -> {
          assertThat(EmailAddress.of(blanks + "A@b.example" + blanks).text())
              .isEqualTo("a@b.example");
          assertThat(EmailAddress.of("a" + blanks + "b").text()).isEqualTo("a" + blanks + "b");
          assertThat(EmailAddress.of("x@b.example" + "(".repeat(1_000_000)).mailDomain())
              .isEqualTo("b.example");
        });
  }
}
