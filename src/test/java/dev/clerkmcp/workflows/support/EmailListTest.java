package dev.clerkmcp.workflows.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as an address, and when two are the same. */
final class EmailListTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        " ADA@Example.COM ",
        "\u00a0ada@example.com\t",
        "\ufeffada@example.com\u200b\n"
      })
  void spellingsOfAnAddressAreTheSame(String text) {
    assertThat(EmailList.of(List.of("ada@example.com", text)))
        .isEqualTo(new EmailList(List.of("ada@example.com"), List.of(), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ada",
        "ada@example",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@example..com",
        "ada@example.com.",
        "Ada <ada@example.com>",
        "ada@example.com, eve@example.com",
        "ada lovelace@example.com",
        "mailto:ada@example.com"
      })
  void whatIsNoAddressStaysAsItWasGiven(String text) {
    assertThat(EmailList.of(List.of(text))).isEqualTo(new EmailList(List.of(), List.of(text), 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ada+clerk_test@example.com", "o'neill@example.co.uk", "jürgen@bücher.example"})
  void unusualAddressesAreAddresses(String text) {
    assertThat(EmailList.of(List.of(text)).valid()).containsExactly(text);
  }

  @Test
  void tooLongIsNoAddress() {
    String domain = "@example.com";
    String longest = "a".repeat(254 - domain.length()) + domain;
    assertThat(EmailList.of(List.of(longest)).valid()).hasSize(1);
    assertThat(EmailList.of(List.of("a" + longest)).valid()).isEmpty();
  }

  @Test
  void orderStaysAndEachIsCountedOnce() {
    EmailList emails =
        EmailList.of(List.of("b@example.com", "x", "a@example.com", "X", "B@example.com"));
    assertThat(emails.valid()).containsExactly("b@example.com", "a@example.com");
    assertThat(emails.invalid()).containsExactly("x");
    assertThat(emails.repeated()).isEqualTo(2);
    assertThat(emails.given()).isEqualTo(5);
  }
}
