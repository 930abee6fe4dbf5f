package dev.clerkmcp.workflows.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a list of addresses is split into valid, invalid and repeated ones. */
final class EmailListTest {
  @Test
  void orderIsKeptAndDuplicatesAreRemoved() {
    EmailList emails =
        EmailList.of(List.of(" b@example.com", "x", "a@example.com", "X", "B@Example.com"));
    assertThat(emails.valid()).containsExactly("b@example.com", "a@example.com");
    assertThat(emails.invalid()).containsExactly("x");
    assertThat(emails.repeated()).isEqualTo(2);
    assertThat(emails.given()).isEqualTo(5);
  }
}
