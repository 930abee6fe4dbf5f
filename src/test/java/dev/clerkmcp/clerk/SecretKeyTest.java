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
      })
  void commonMistakeIsNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretKey.of(text))
        .withMessage(message)
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "notarealkey",
        "sk_test_",
        "sk_test_short",
        "sk_prod_notarealkey",
        "SK_TEST_NOTAREALKEY",
        "Bearer sk_test_notarealkey",
        "sk_test_notareal key",
        "sk_test_notarealkey\nsk_test_notarealkey",
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
