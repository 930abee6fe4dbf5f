package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which texts are secret keys, and that no message quotes one. */
final class SecretKeyTest {
  @ParameterizedTest
  @CsvSource({
    "sk_test_notarealkey, false",
    "sk_live_notarealkey, true",
    "sk_test_not-a_Real-Key1, false",
  })
  void prefixDecidesLiveOrTest(String text, boolean live) {
    SecretKey key = SecretKey.of(text);
    assertThat(key.reveal()).isEqualTo(text);
    assertThat(key.isLive()).isEqualTo(live);
  }

  @Test
  void whiteSpaceAroundIsIgnored() {
    assertThat(SecretKey.of(" \tsk_test_notarealkey\r\n").reveal())
        .isEqualTo("sk_test_notarealkey");
  }

  @ParameterizedTest
  @CsvSource({
    "sk_test_notarealkey, sk_test_...",
    "sk_live_notarealkey, sk_live_...",
  })
  void textIsNotShown(String text, String shown) {
    assertThat(SecretKey.of(text)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pk_test_notarealkey | is a publishable key (pk_...); the secret key beside it (sk_...) is"
            + " needed",
        "\"sk_test_notarealkey\" | has quotation marks around it; remove them",
        "'sk_test_notarealkey' | has quotation marks around it; remove them",
        "sk_test_ab | is too short to be a Clerk secret key; copy it again, as a whole",
        "sk_live_ | is too short to be a Clerk secret key; copy it again, as a whole",
        "sk_test_replace_with_your_own_key | is still the placeholder of the example; replace it"
            + " with your own secret key, or remove it and use the sandbox",
        "sk_test_... | is still the placeholder of the example; replace it with your own secret key,"
            + " or remove it and use the sandbox",
        "${CLERK_KEY} | has ${...} in it, which was not replaced; write the key itself, or name a"
            + " file that holds it",
        "Bearer sk_test_notarealkey | begins with Bearer; remove that word",
        "sk_test_notareal key | has white space in it; remove that, or copy the key again",
      })
  void commonMistakeIsNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretKey.of(text))
        .withMessage(message)
        .withNoCause();
  }

  @Test
  void longTextIsRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretKey.of("sk_test_" + "a".repeat(257)))
        .withMessage("is too long to be a Clerk secret key; copy it again, as a whole");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "notarealkey",
        "sk_prod_notarealkey",
        "SK_TEST_NOTAREALKEY",
        "sk_test_notarealkéy",
      })
  void otherTextIsRejectedAndNotQuoted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretKey.of(text))
        .withMessage(
            "is not a Clerk secret key: that is sk_test_ or sk_live_ followed by letters and"
                + " digits");
  }
}
