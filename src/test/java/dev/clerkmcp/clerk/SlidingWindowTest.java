package dev.clerkmcp.clerk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests when a window has room. */
final class SlidingWindowTest {
  @ParameterizedTest
  @CsvSource({"5, 10", "10, 10", "11, 11", "12, 30", "20, 30", "25, 30", "30, 30", "31, 31"})
  void earliestTimeRespectsPastAndPlannedRequests(long from, long earliest) {
    SlidingWindow window =
        new SlidingWindow(new RateLimit("2 in 10 ns", 2, Duration.ofNanos(10), false, any -> true));
    for (int i = 0; i < 2; i++) {
      window.plan(0);
      window.send(0);
      window.end(true, 0);
    }
    window.plan(21);
    window.plan(20);
    assertThat(window.earliest(from, 5)).isEqualTo(earliest);
  }
}
