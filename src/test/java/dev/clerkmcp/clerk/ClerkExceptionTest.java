package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.clerk.ClerkException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClerkExceptionTest {
  @Test
  void withReasonsReplacesAllTexts() {
    ClerkException failure =
        new ClerkException(
            422,
            List.of(new Reason("a", "old one", "old"), new Reason("b", "old two", null)),
            "trace",
            Duration.ofSeconds(3),
            true,
            new IOException("old"));
    ClerkException said = failure.withReasons(text -> text.replace("old", "new"));
    assertThat(said.reasons())
        .containsExactly(new Reason("a", "new one", "new"), new Reason("b", "new two", null));
    assertThat(said).hasMessage("Clerk answered 422: new one").hasNoCause();
    assertThat(said.status()).isEqualTo(422);
    assertThat(said.traceId()).isEqualTo("trace");
    assertThat(said.retryAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(said.outcomeUnknown()).isTrue();
  }
}
