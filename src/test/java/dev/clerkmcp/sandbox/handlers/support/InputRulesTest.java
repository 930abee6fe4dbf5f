package dev.clerkmcp.sandbox.handlers.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.clerkmcp.sandbox.openapi.ApiError;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InputRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"ada@example.com", "Ada+clerk_test@mail.example.co.uk", "o'hara@example.museum"})
  void acceptsEmailAddresses(String text) {
    assertThat(InputRules.emailAddress("email_address", " " + text + " ")).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@example.",
        "ada@.com",
        "ada@b@example.com",
        "ada lovelace@example.com",
        "*@example.com",
        "<ada@example.com>"
      })
  void refusesOtherTextsAsEmailAddresses(String text) {
    assertRefused(
        () -> InputRules.emailAddress("email_address", text), "form_param_format_invalid");
  }

  @Test
  void acceptsPhoneNumbers() {
    assertThat(InputRules.phoneNumber("phone_number", "+15555550100 ")).isEqualTo("+15555550100");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "15555550100", "+05555550100", "+1 555 555 0100", "+1234567890123456"})
  void rejectsInvalidPhoneNumbers(String text) {
    assertRefused(() -> InputRules.phoneNumber("phone_number", text), "form_param_format_invalid");
  }

  @Test
  void acceptsWallets() {
    String wallet = "0x" + "aB3".repeat(13) + "c";

    assertThat(InputRules.web3Wallet("web3_wallet", wallet)).isEqualTo(wallet);
    assertRefused(
        () -> InputRules.web3Wallet("web3_wallet", wallet + "0"), "form_param_format_invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada1", "ada_lovelace", "a.b-c_d", "1815x"})
  void acceptsUsernames(String text) {
    assertThat(InputRules.username("username", text + " ")).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ada, form_username_invalid_length",
    "ada lovelace, form_username_invalid_character",
    "ada@example.com, form_username_invalid_character",
    "ädalein, form_username_invalid_character",
    "1815, form_username_needs_non_number_char",
    "+15555550100, form_username_cannot_be_phone_number"
  })
  void refusesOtherTextsAsUsernames(String text, String code) {
    assertRefused(() -> InputRules.username("username", text), code);
  }

  @Test
  void usernameTakesAtMost64Characters() {
    assertThat(InputRules.username("username", "a".repeat(64))).hasSize(64);
    assertRefused(
        () -> InputRules.username("username", "a".repeat(65)), "form_username_invalid_length");
  }

  private static void assertRefused(ThrowingCallable call, String code) {
    assertThatExceptionOfType(ApiError.class)
        .isThrownBy(call)
        .satisfies(
            error -> {
              assertThat(error.status()).isEqualTo(422);
              assertThat(error.code()).isEqualTo(code);
            });
  }
}
