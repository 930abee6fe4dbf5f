package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.CpuTime;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmailDomainTest {
  private static final EmailDomain DOMAIN = Objects.requireNonNull(EmailDomain.find("example.com"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com",
        "Ada <ada@Example.com>",
        "ada@example.com. ",
        "ada@ex\u200Bample.com.>\n",
        "ada@example.com . .",
      })
  void carelesslyWrittenAddressMatches(String address) {
    assertThat(DOMAIN.has(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada@example.com.net", "ada@sub.example.com", "example.com@b.example"})
  void otherAddressDoesNotMatch(String address) {
    assertThat(DOMAIN.has(address)).isFalse();
  }

  @Test
  void longRowOfDotsTakesLittleTime() {
    String dots = ".> ".repeat(400_000);
    CpuTime.assertWithin(
        Duration.ofSeconds(10),
        () -> {
          assertThat(DOMAIN.has("ada@example.com" + dots)).isTrue();
          assertThat(DOMAIN.has("ada@example.com" + dots + "x")).isFalse();
        });
  }
}
