package dev.clerkmcp.interceptor.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfirmationCodesTest {
  private Instant now = Instant.EPOCH;
  private final ConfirmationCodes codes = new ConfirmationCodes(() -> now);

  @Test
  void codeIsValidOnce() {
    String code = codes.issue("plan");
    assertThat(codes.redeem(code, "plan")).isNull();
    assertThat(codes.redeem(code, "plan")).contains("used already");
  }

  @Test
  void codeIsValidOnlyForItsPlan() {
    String code = codes.issue("plan");
    assertThat(codes.redeem(code, "another plan")).contains("another plan,");
    assertThat(codes.redeem(code, "plan")).isNull();
  }

  @Test
  void codeIsValidForTenMinutes() {
    String code = codes.issue("plan");
    String late = codes.issue("plan");
    now = now.plus(Duration.ofMinutes(10));
    assertThat(codes.redeem(code, "plan")).isNull();
    now = now.plusSeconds(1);
    assertThat(codes.redeem(late, "plan")).contains("expired");
    assertThat(codes.redeem(code, "plan")).isNotNull();
  }

  @Test
  void codeOfAnotherProcessIsInvalid() {
    assertThat(codes.redeem(new ConfirmationCodes(() -> now).issue("plan"), "plan")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "true", "yes", "AAAA", "not base64 !", "\u0000"})
  void inventedCodeIsInvalid(String madeUp) {
    assertThat(codes.redeem(madeUp, "plan")).isEqualTo("That is not a confirmation code.");
  }

  @Test
  void changedCodeIsInvalid() {
    String code = codes.issue("plan");
    for (int i = 0; i < code.length(); i++) {
      char other = code.charAt(i) == 'A' ? 'B' : 'A';
      String changed = code.substring(0, i) + other + code.substring(i + 1);
      assertThat(codes.redeem(changed, "plan")).as(changed).isNotNull();
    }
    assertThat(codes.redeem(code, "plan")).isNull();
  }
}
